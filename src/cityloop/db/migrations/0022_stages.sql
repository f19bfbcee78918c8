-- Steps of a task with limits of their own: which there are, which runs, when each was reached.

ALTER TABLE task ADD COLUMN stages {text};
ALTER TABLE task ADD COLUMN stage {int};
