-- Scores that were published, version by version, and what units said against them.

-- kind: derived (`scores` and `excluded` are JSON)
CREATE TABLE score_sheet (
  city {text} NOT NULL,
  id {text} NOT NULL,
  no {int} NOT NULL,
  scheme {text} NOT NULL,
  by_kind {text} NOT NULL,
  first_day {text} NOT NULL,
  last_day {text} NOT NULL,
  version {int} NOT NULL,
  reason {text},
  as_of {text} NOT NULL,
  seq {int} NOT NULL,
  pack {text} NOT NULL,
  excluded {text} NOT NULL,
  scores {text} NOT NULL,
  published_at {text} NOT NULL,
  published_by {text} NOT NULL,
  notice_until {text} NOT NULL,
  settled_at {text},
  replaced_by {text},
  PRIMARY KEY (city, id)
);
CREATE INDEX score_sheet_days ON score_sheet (city, scheme, first_day, last_day, version);
CREATE INDEX score_sheet_new ON score_sheet (city, published_at, id);

-- kind: derived (`note` and `answer` lie in the vault)
CREATE TABLE score_appeal (
  city {text} NOT NULL,
  id {text} NOT NULL,
  sheet_id {text} NOT NULL,
  object {text} NOT NULL,
  unit {text} NOT NULL,
  indicator {text},
  lodged_at {text} NOT NULL,
  lodged_by {text} NOT NULL,
  note {text} NOT NULL,
  upheld {int},
  reason {text},
  decided_at {text},
  decided_by {text},
  answer {text},
  PRIMARY KEY (city, id)
);
CREATE INDEX score_appeal_sheet ON score_appeal (city, sheet_id, id);
