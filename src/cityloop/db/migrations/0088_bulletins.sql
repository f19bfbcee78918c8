-- Bulletins: documents of figures that were made and kept, for whom, who wants which; and those that are being made.

-- kind: derived (`files` is JSON; `class_key` "" and `area` "": none)
CREATE TABLE bulletin (
  city {text} NOT NULL,
  id {text} NOT NULL,
  no {int} NOT NULL,
  kind {text} NOT NULL,
  language {text} NOT NULL,
  first_day {text} NOT NULL,
  last_day {text} NOT NULL,
  area {text} NOT NULL,
  class_key {text} NOT NULL,
  as_of {text} NOT NULL,
  seq {int} NOT NULL,
  pack {text} NOT NULL,
  files {text} NOT NULL,
  by {text} NOT NULL,
  made_at {text} NOT NULL,
  simulated {int} NOT NULL,
  PRIMARY KEY (city, id)
);
CREATE INDEX bulletin_of ON bulletin (city, kind, language, area, class_key, first_day);

-- kind: derived
CREATE TABLE bulletin_for (
  city {text} NOT NULL,
  account {text} NOT NULL,
  bulletin {text} NOT NULL,
  PRIMARY KEY (city, account, bulletin)
);

-- kind: derived
CREATE TABLE bulletin_subscription (
  city {text} NOT NULL,
  id {text} NOT NULL,
  no {int} NOT NULL,
  account {text} NOT NULL,
  kind {text} NOT NULL,
  language {text} NOT NULL,
  area {text} NOT NULL,
  class_key {text} NOT NULL,
  channel {text} NOT NULL,
  since {text} NOT NULL,
  ended_at {text},
  ended_for {text},
  PRIMARY KEY (city, id)
);
CREATE INDEX bulletin_subscription_of ON bulletin_subscription (city, kind, language, area, class_key);

-- kind: machinery (a bulletin that waits, is being made, or could not be; `bulletin`: what it became)
CREATE TABLE bulletin_job (
  city {text} NOT NULL,
  id {text} NOT NULL,
  kind {text} NOT NULL,
  language {text} NOT NULL,
  first_day {text} NOT NULL,
  last_day {text} NOT NULL,
  area {text} NOT NULL,
  class_key {text} NOT NULL,
  by {text} NOT NULL,
  asked_at {text} NOT NULL,
  state {text} NOT NULL,
  step {text} NOT NULL,
  done {int} NOT NULL,
  size {int} NOT NULL,
  ended_at {text},
  error {text},
  bulletin {text},
  PRIMARY KEY (city, id)
);
CREATE INDEX bulletin_job_state ON bulletin_job (city, state, id);
