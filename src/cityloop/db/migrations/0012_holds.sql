-- What is put off: suspended into the problem store, or deferred to a date; and what figures count of it.

-- kind: derived
CREATE TABLE hold (
  city {text} NOT NULL,
  id {text} NOT NULL,
  case_id {text} NOT NULL,
  kind {text} NOT NULL,
  task_id {text} NOT NULL,
  approval_id {text} NOT NULL,
  reason {text} NOT NULL,
  note {text},
  plan {text},
  since {text} NOT NULL,
  granted_at {text} NOT NULL,
  until {text} NOT NULL,
  times {int} NOT NULL,
  counts_as_due {int} NOT NULL,
  role {text},
  expired_at {text},
  ended_at {text},
  ended_by {text},
  outcome {text},
  settled {text},
  PRIMARY KEY (city, id)
);
CREATE INDEX hold_case ON hold (city, case_id, id);
-- The problem store, what expires first; and the holds of a period, for figures.
CREATE INDEX hold_open ON hold (city, kind, until, id) WHERE ended_at IS NULL;
CREATE INDEX hold_since ON hold (city, since, id);
