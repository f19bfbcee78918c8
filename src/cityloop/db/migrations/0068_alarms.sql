-- Alarms: what a rule found in a stream, when it began and ended, what people say of it; and windows of maintenance.

-- kind: derived (`limit_value`, `value`, `end_value` in `unit`; `reasons` is JSON)
CREATE TABLE alarm (
  city {text} NOT NULL,
  id {text} NOT NULL,
  no {int} NOT NULL,
  rule {text} NOT NULL,
  kind {text} NOT NULL,
  colour {text} NOT NULL,
  class_key {text},
  is_health {int} NOT NULL,
  ends {text} NOT NULL,
  property {text} NOT NULL,
  unit {text} NOT NULL,
  limit_value {real} NOT NULL,
  thing_id {text} NOT NULL,
  stream {int} NOT NULL,
  vendor {text} NOT NULL,
  owner {text},
  lon {real},
  lat {real},
  cell {text},
  component {text},
  began_at {text} NOT NULL,
  raised_at {text} NOT NULL,
  told_at {text} NOT NULL,
  value {real} NOT NULL,
  track {int} NOT NULL,
  reasons {text} NOT NULL,
  since {text} NOT NULL,
  until {text} NOT NULL,
  is_camera {int} NOT NULL,
  is_suspect {int} NOT NULL,
  simulated {int} NOT NULL,
  cleared_at {text},
  cleared_why {text},
  end_value {real},
  is_true {int},
  judged_for {text},
  judged_at {text},
  judged_by {text},
  PRIMARY KEY (city, id)
);
CREATE INDEX alarm_raised ON alarm (city, raised_at, id);
CREATE INDEX alarm_thing ON alarm (city, thing_id, raised_at, id);
CREATE INDEX alarm_rule ON alarm (city, rule, raised_at);

-- kind: derived (one a device: the last that was planned)
CREATE TABLE maintenance (
  city {text} NOT NULL,
  thing_id {text} NOT NULL,
  no {int} NOT NULL,
  begins {text} NOT NULL,
  ends {text} NOT NULL,
  planned_by {text} NOT NULL,
  PRIMARY KEY (city, thing_id)
);

ALTER TABLE report ADD COLUMN alarm {text};
CREATE INDEX report_alarm ON report (city, alarm);
