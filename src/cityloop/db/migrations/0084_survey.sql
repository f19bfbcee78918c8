-- Field tools of evaluation: tasks, tables filled in, points looked at, questionnaires answered, numbers published.

-- kind: derived (forms, objects, visitors and short are JSON; who comes in secret lies in the vault)
CREATE TABLE survey_task (
  city {text} NOT NULL,
  id {text} NOT NULL,
  no {int} NOT NULL,
  who {text} NOT NULL,
  forms {text} NOT NULL,
  objects {text} NOT NULL,
  first_day {text} NOT NULL,
  last_day {text} NOT NULL,
  until {text} NOT NULL,
  scheme {text},
  visitors {text} NOT NULL,
  hidden {text},
  short {text} NOT NULL,
  seed {text} NOT NULL,
  state {text} NOT NULL,
  opened_at {text} NOT NULL,
  opened_by {text} NOT NULL,
  ended_at {text},
  ended_by {text},
  reason {text},
  lacks {int} NOT NULL,
  simulated {int} NOT NULL,
  PRIMARY KEY (city, id)
);
CREATE INDEX survey_task_state ON survey_task (city, state, id);

-- kind: derived (said_numbers and photos are JSON; texts lie in the vault)
CREATE TABLE survey_sheet (
  city {text} NOT NULL,
  id {text} NOT NULL,
  no {int} NOT NULL,
  task {text} NOT NULL,
  form {text} NOT NULL,
  object {text} NOT NULL,
  state {text} NOT NULL,
  said_numbers {text} NOT NULL,
  said {text},
  photos {text} NOT NULL,
  late {int} NOT NULL,
  sent_at {text},
  sent_by {text},
  reason {text},
  note {text},
  decided_at {text},
  decided_by {text},
  PRIMARY KEY (city, id)
);
CREATE INDEX survey_sheet_task ON survey_sheet (city, task, id);
CREATE INDEX survey_sheet_object ON survey_sheet (city, object, id);

-- kind: derived (found and photos are JSON; a visitor who comes in secret is named in the vault only)
CREATE TABLE survey_point (
  city {text} NOT NULL,
  id {text} NOT NULL,
  no {int} NOT NULL,
  task {text} NOT NULL,
  form {text} NOT NULL,
  object {text} NOT NULL,
  kind {text} NOT NULL,
  place {text} NOT NULL,
  lon {real} NOT NULL,
  lat {real} NOT NULL,
  cell {text},
  state {text} NOT NULL,
  found {text} NOT NULL,
  missed {text},
  photos {text} NOT NULL,
  note {text},
  metres {int},
  is_far {int} NOT NULL,
  visited_at {text},
  visited_by {text},
  hidden {text},
  reason {text},
  PRIMARY KEY (city, id)
);
CREATE INDEX survey_point_task ON survey_point (city, task, id);
