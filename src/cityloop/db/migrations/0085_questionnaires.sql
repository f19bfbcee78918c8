-- Questionnaires: invitations, whose codes lie in the vault, and what was answered by them; and the numbers of all tools.

-- kind: derived
CREATE TABLE survey_invite (
  city {text} NOT NULL,
  id {text} NOT NULL,
  task {text} NOT NULL,
  form {text} NOT NULL,
  object {text} NOT NULL,
  drawn_at {text} NOT NULL,
  answered_at {text},
  PRIMARY KEY (city, id)
);
CREATE INDEX survey_invite_task ON survey_invite (city, task, id);

-- kind: derived (chosen is JSON; what was written lies in the vault)
CREATE TABLE survey_answer (
  city {text} NOT NULL,
  id {text} NOT NULL,
  task {text} NOT NULL,
  form {text} NOT NULL,
  object {text} NOT NULL,
  chosen {text} NOT NULL,
  said {text},
  stratum {text},
  counts {int} NOT NULL,
  answered_at {text} NOT NULL,
  PRIMARY KEY (city, id)
);
CREATE INDEX survey_answer_task ON survey_answer (city, task, form, object, id);

-- kind: derived (what was published: one value for an object, a period and an indicator)
CREATE TABLE survey_number (
  city {text} NOT NULL,
  object {text} NOT NULL,
  first_day {text} NOT NULL,
  last_day {text} NOT NULL,
  indicator {text} NOT NULL,
  task {text} NOT NULL,
  tool {text} NOT NULL,
  numerator {real} NOT NULL,
  denominator {real},
  cases {int} NOT NULL,
  published_at {text} NOT NULL,
  PRIMARY KEY (city, object, first_day, last_day, indicator)
);
CREATE INDEX survey_number_task ON survey_number (city, task);

-- kind: derived (what is not given, and why)
CREATE TABLE survey_withheld (
  city {text} NOT NULL,
  task {text} NOT NULL,
  object {text} NOT NULL,
  indicator {text} NOT NULL,
  tool {text} NOT NULL,
  why {text} NOT NULL,
  cases {int} NOT NULL,
  PRIMARY KEY (city, task, object, indicator)
);
