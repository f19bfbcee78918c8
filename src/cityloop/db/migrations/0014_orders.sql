-- What is said about a case without moving it: who else may read it, what marks it in lists, who was urged, supervised
-- and instructed. `guests` holds units that help or were whistled, each as often as it has a reason: |roads|street-1|.

ALTER TABLE case_file ADD COLUMN guests {text};
ALTER TABLE case_file ADD COLUMN marks {text};

-- The cases that a unit is a guest of, so that its list need not look through the city. Never taken away: what counts is
-- `guests`.
-- kind: derived
CREATE TABLE case_guest (
  city {text} NOT NULL,
  unit {text} NOT NULL,
  case_id {text} NOT NULL,
  PRIMARY KEY (city, unit, case_id)
);

-- 催办: reminders by hand, and the notice of a deadline that passed, once for each.
-- kind: derived
CREATE TABLE urge (
  city {text} NOT NULL,
  id {text} NOT NULL,
  case_id {text} NOT NULL,
  task_id {text} NOT NULL,
  unit {text},
  at {text} NOT NULL,
  by {text} NOT NULL,
  reason {text},
  note {text},
  noticed_due {text},
  PRIMARY KEY (city, id)
);
CREATE INDEX urge_case ON urge (city, case_id, id);
CREATE UNIQUE INDEX urge_notice ON urge (city, task_id, noticed_due) WHERE noticed_due IS NOT NULL;

-- 督办: formal, numbered, with a date for the answer.
-- kind: derived
CREATE TABLE supervision (
  city {text} NOT NULL,
  id {text} NOT NULL,
  case_id {text} NOT NULL,
  number {text} NOT NULL,
  level {text} NOT NULL,
  unit {text} NOT NULL,
  state {text} NOT NULL,
  reason {text} NOT NULL,
  issued_at {text} NOT NULL,
  issued_by {text} NOT NULL,
  answer_due {text} NOT NULL,
  answer_limit {text} NOT NULL,
  rounds {int} NOT NULL,
  missed {int} NOT NULL,
  note {text},
  answer {text},
  answered_at {text},
  answered_by {text},
  late {int},
  settled_at {text},
  settled_by {text},
  PRIMARY KEY (city, id)
);
CREATE INDEX supervision_case ON supervision (city, case_id, id);

-- 批示: a leader's word.
-- kind: derived
CREATE TABLE instruction (
  city {text} NOT NULL,
  id {text} NOT NULL,
  case_id {text} NOT NULL,
  addressed {text} NOT NULL,
  urgency {int} NOT NULL,
  note {text} NOT NULL,
  at {text} NOT NULL,
  by {text} NOT NULL,
  PRIMARY KEY (city, id)
);
CREATE INDEX instruction_case ON instruction (city, case_id, id);

-- Where the counting of numbered orders stands, by kind and year. A number is never given twice.
-- kind: machinery
CREATE TABLE order_counter (
  city {text} NOT NULL,
  kind {text} NOT NULL,
  year {text} NOT NULL,
  last {int} NOT NULL,
  PRIMARY KEY (city, kind, year)
);

-- The look for tasks that are overdue, once a day; here for cities that live already, by PackAdopted for new ones.
INSERT INTO timer (city, kind, subject, due_at, next_at, tries)
SELECT city, 'notices', 'notices/daily', '2000-01-01T00:00:00.000000Z', '2000-01-01T00:00:00.000000Z', 0 FROM log_head;
