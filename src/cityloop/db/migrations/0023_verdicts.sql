-- After closing: who is called back, what they say to the result, what they were told, and how often it was done again.

-- kind: derived
CREATE TABLE callback (
  city {text} NOT NULL,
  id {text} NOT NULL,
  report_id {text} NOT NULL,
  case_id {text} NOT NULL,
  closing {int} NOT NULL,
  unit {text},
  way {text} NOT NULL,
  asked_at {text} NOT NULL,
  due_at {text} NOT NULL,
  until {text} NOT NULL,
  next_at {text} NOT NULL,
  script {text} NOT NULL,
  why {text} NOT NULL,
  tries {int} NOT NULL,
  last_try {text},
  ended_at {text},
  outcome {text},
  overdue {int},
  simulated {int} NOT NULL,
  PRIMARY KEY (city, id)
);
-- each report is asked once about each closing
CREATE UNIQUE INDEX callback_once ON callback (city, report_id, closing);
CREATE INDEX callback_case ON callback (city, case_id, id);
CREATE INDEX callback_open ON callback (city, due_at, id) WHERE ended_at IS NULL;
CREATE INDEX callback_asked ON callback (city, asked_at, id);

-- kind: derived
CREATE TABLE verdict (
  city {text} NOT NULL,
  report_id {text} NOT NULL,
  closing {int} NOT NULL,
  change {int} NOT NULL,
  case_id {text} NOT NULL,
  callback_id {text},
  unit {text},
  solved {text} NOT NULL,
  satisfied {text} NOT NULL,
  way {text} NOT NULL,
  by {text},
  reasons {text} NOT NULL,
  words {text},
  at {text} NOT NULL,
  superseded_at {text},
  answered_at {text},
  simulated {int} NOT NULL,
  PRIMARY KEY (city, report_id, closing, change)
);
CREATE INDEX verdict_case ON verdict (city, case_id, report_id, closing, change);
CREATE INDEX verdict_at ON verdict (city, at);
-- what waits for the duty leader: not solved, and neither answered nor done again
CREATE INDEX verdict_unhappy ON verdict (city, at, report_id)
  WHERE solved <> 'solved' AND superseded_at IS NULL AND answered_at IS NULL;

-- kind: derived
CREATE TABLE reply (
  city {text} NOT NULL,
  id {text} NOT NULL,
  report_id {text} NOT NULL,
  at {text} NOT NULL,
  by {text} NOT NULL,
  kind {text} NOT NULL,
  words {text} NOT NULL,
  PRIMARY KEY (city, id)
);
CREATE INDEX reply_report ON reply (city, report_id, id);

-- kind: derived
CREATE TABLE redo (
  city {text} NOT NULL,
  case_id {text} NOT NULL,
  round {int} NOT NULL,
  at {text} NOT NULL,
  reason {text} NOT NULL,
  unit {text},
  task_id {text},
  closed_at {text} NOT NULL,
  on_time {int},
  simulated {int} NOT NULL,
  PRIMARY KEY (city, case_id, round)
);
CREATE INDEX redo_at ON redo (city, at);

-- A case that is done again keeps what its first closing was: figures of that period stay as they were printed.
ALTER TABLE case_file ADD COLUMN redos {int};
ALTER TABLE case_file ADD COLUMN first_closed_at {text};
ALTER TABLE case_file ADD COLUMN first_closed_by {text};
ALTER TABLE case_file ADD COLUMN first_due_at {text};
ALTER TABLE case_file ADD COLUMN first_on_time {int};
ALTER TABLE task ADD COLUMN is_redo {int};
