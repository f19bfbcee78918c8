-- What needs somebody's agreement (cases/approvals): asked, step by step decided, and kept with what it was asked under.

-- kind: derived
CREATE TABLE approval (
  city {text} NOT NULL,
  id {text} NOT NULL,
  case_id {text} NOT NULL,
  kind {text} NOT NULL,
  nth {int} NOT NULL,
  task_id {text},
  reason {text} NOT NULL,
  length {text},
  until {text},
  note {text},
  plan {text},
  photos {text} NOT NULL,
  steps {text} NOT NULL,
  form {text} NOT NULL,
  role {text},
  passed_by {text} NOT NULL,
  asked_at {text} NOT NULL,
  asked_by {text} NOT NULL,
  task_due {text},
  decide_due {text} NOT NULL,
  decide_limit {text} NOT NULL,
  lapse {text} NOT NULL,
  clock_stands {int} NOT NULL,
  counts_as_due {int} NOT NULL,
  source {text} NOT NULL,
  outcome {text},
  ended_at {text},
  ended_by {text},
  answer {text},
  answer_note {text},
  PRIMARY KEY (city, id)
);
CREATE INDEX approval_case ON approval (city, case_id, id);
-- What waits for somebody, the most urgent first.
CREATE INDEX approval_waits ON approval (city, decide_due, id) WHERE outcome IS NULL;

-- The request that is open in a case; how much longer a task was given.
ALTER TABLE case_file ADD COLUMN approval_id {text};
ALTER TABLE case_file ADD COLUMN approval_kind {text};
ALTER TABLE task ADD COLUMN extensions {text};
