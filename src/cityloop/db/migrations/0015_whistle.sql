-- 吹哨报到: what a street called departments to, who came when, and how the street rates them.

-- kind: derived
CREATE TABLE whistle (
  city {text} NOT NULL,
  id {text} NOT NULL,
  case_id {text} NOT NULL,
  street {text} NOT NULL,
  reason {text} NOT NULL,
  sounded_at {text} NOT NULL,
  sounded_by {text} NOT NULL,
  report_due {text} NOT NULL,
  report_limit {text} NOT NULL,
  note {text},
  ended_at {text},
  ended_by {text},
  record {text},
  PRIMARY KEY (city, id)
);
CREATE INDEX whistle_case ON whistle (city, case_id, id);

-- kind: derived
CREATE TABLE whistle_unit (
  city {text} NOT NULL,
  whistle_id {text} NOT NULL,
  unit {text} NOT NULL,
  case_id {text} NOT NULL,
  reported_at {text},
  reported_by {text},
  late {int},
  missed {int} NOT NULL,
  score {int},
  rated_for {text},
  rated_at {text},
  PRIMARY KEY (city, whistle_id, unit)
);
