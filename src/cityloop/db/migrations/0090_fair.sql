-- What is not counted by application and approval 剔除, and what a person said of numbers that look made.

-- kind: derived (`metrics` is JSON, empty: none counts the case; `note` and `answer` lie in the vault)
CREATE TABLE exclusion (
  city {text} NOT NULL,
  id {text} NOT NULL,
  no {int} NOT NULL,
  case_id {text} NOT NULL,
  unit {text} NOT NULL,
  metrics {text} NOT NULL,
  reason {text} NOT NULL,
  state {text} NOT NULL,
  asked_at {text} NOT NULL,
  asked_by {text} NOT NULL,
  note {text} NOT NULL,
  decided_at {text},
  decided_by {text},
  refused_for {text},
  answer {text},
  PRIMARY KEY (city, id)
);
CREATE INDEX exclusion_case ON exclusion (city, case_id, id);
CREATE INDEX exclusion_state ON exclusion (city, state, id);
CREATE INDEX exclusion_unit ON exclusion (city, unit, id);

-- kind: derived (`cases` is JSON)
CREATE TABLE finding (
  city {text} NOT NULL,
  id {text} NOT NULL,
  no {int} NOT NULL,
  kind {text} NOT NULL,
  unit {text} NOT NULL,
  first_day {text} NOT NULL,
  last_day {text} NOT NULL,
  observed {int} NOT NULL,
  counted {int} NOT NULL,
  expected {real} NOT NULL,
  p {real} NOT NULL,
  level {real} NOT NULL,
  cases {text} NOT NULL,
  confirmed {int} NOT NULL,
  reason {text} NOT NULL,
  judged_at {text} NOT NULL,
  judged_by {text} NOT NULL,
  note {text},
  PRIMARY KEY (city, id)
);
CREATE INDEX finding_period ON finding (city, first_day, last_day, id);
