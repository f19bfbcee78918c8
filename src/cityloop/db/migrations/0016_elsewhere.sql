-- Work that no unit of the city was given, and appeals against what was counted.

-- What came with a report of something that was put right on the spot, as JSON: who, the photos of afterwards, a note.
ALTER TABLE report ADD COLUMN cleared {text};

-- 自行处置: cases that were filed and finished by who saw them, so that figures can count them apart.
-- kind: derived
CREATE TABLE self_handled (
  city {text} NOT NULL,
  id {text} NOT NULL,
  task_id {text} NOT NULL,
  by {text} NOT NULL,
  class_key {text} NOT NULL,
  at {text} NOT NULL,
  inspected {int} NOT NULL,
  rejected {int} NOT NULL,
  PRIMARY KEY (city, id)
);

-- 申诉: a unit against what was counted against it. What is `excluded` figures leave out; the facts stay as they are.
-- kind: derived
CREATE TABLE appeal (
  city {text} NOT NULL,
  id {text} NOT NULL,
  case_id {text} NOT NULL,
  task_id {text} NOT NULL,
  unit {text} NOT NULL,
  about {text} NOT NULL,
  state {text} NOT NULL,
  excluded {int} NOT NULL,
  lodged_at {text} NOT NULL,
  lodged_by {text} NOT NULL,
  note {text} NOT NULL,
  reason {text},
  decided_at {text},
  decided_by {text},
  answer {text},
  PRIMARY KEY (city, id)
);
CREATE UNIQUE INDEX appeal_case ON appeal (city, case_id, task_id, about);
