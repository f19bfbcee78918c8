-- What was published wrongly and put right: the version before it stays, says what stands in its place, and why.

ALTER TABLE score_sheet ADD COLUMN corrects {text};
ALTER TABLE score_sheet ADD COLUMN note {text};
UPDATE score_sheet SET corrects = (
  SELECT was.id FROM score_sheet AS was WHERE was.city = score_sheet.city AND was.replaced_by = score_sheet.id
);

ALTER TABLE bulletin ADD COLUMN corrects {text};
ALTER TABLE bulletin ADD COLUMN replaced_by {text};

ALTER TABLE survey_task ADD COLUMN version {int} NOT NULL DEFAULT 0;
ALTER TABLE survey_task ADD COLUMN note {text};
UPDATE survey_task SET version = 1 WHERE state = 'published';

-- kind: derived (each publication of a task; `reason` and `note`: why it corrects the one before)
CREATE TABLE survey_version (
  city {text} NOT NULL,
  task {text} NOT NULL,
  version {int} NOT NULL,
  reason {text},
  note {text},
  lacks {int} NOT NULL,
  published_at {text} NOT NULL,
  published_by {text} NOT NULL,
  PRIMARY KEY (city, task, version)
);
INSERT INTO survey_version (city, task, version, lacks, published_at, published_by)
  SELECT city, id, 1, lacks, ended_at, ended_by FROM survey_task WHERE state = 'published';

-- kind: derived (what a version said that was corrected; with `why` it gave no number)
CREATE TABLE survey_replaced (
  city {text} NOT NULL,
  task {text} NOT NULL,
  version {int} NOT NULL,
  object {text} NOT NULL,
  indicator {text} NOT NULL,
  tool {text} NOT NULL,
  numerator {real},
  denominator {real},
  cases {int} NOT NULL,
  why {text},
  PRIMARY KEY (city, task, version, object, indicator)
);
