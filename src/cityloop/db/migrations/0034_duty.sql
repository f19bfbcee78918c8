-- Duty in the field 外勤: shifts and rosters. Positions lie in the vault (kind track), by shift.

-- kind: derived (`segments` is JSON: the vault's ids of the parts of the track)
CREATE TABLE shift (
  city {text} NOT NULL,
  id {text} NOT NULL,
  no {int} NOT NULL,
  account {text} NOT NULL,
  post {text} NOT NULL,
  unit {text} NOT NULL,
  area {text},
  grid {text},
  day {text} NOT NULL,
  started_at {text} NOT NULL,
  planned_from {text},
  planned_to {text},
  is_open {int} NOT NULL,
  ended_at {text},
  ended_for {text},
  outside_since {text},
  outside_times {int} NOT NULL,
  segments {text} NOT NULL,
  positions {int} NOT NULL,
  first_at {text},
  last_at {text},
  erasure_asked_at {text},
  simulated {int} NOT NULL,
  PRIMARY KEY (city, id)
);
CREATE INDEX shift_open ON shift (city, is_open, id);
CREATE INDEX shift_account ON shift (city, account, id);

-- kind: derived (id is post:day)
CREATE TABLE roster (
  city {text} NOT NULL,
  id {text} NOT NULL,
  no {int} NOT NULL,
  post {text} NOT NULL,
  day {text} NOT NULL,
  begins {text},
  ends {text},
  grid {text},
  changed_at {text} NOT NULL,
  changed_by {text} NOT NULL,
  PRIMARY KEY (city, id)
);
CREATE INDEX roster_day ON roster (city, day, post);
