-- How the pack is changed: drafts, what they would have done, who proposed and who approved.

-- kind: machinery
CREATE TABLE pack_draft (
  city {text} NOT NULL,
  id {text} NOT NULL,
  no {int} NOT NULL,
  base {text} NOT NULL,
  digest {text} NOT NULL,
  bytes {bytes} NOT NULL,
  problems {text} NOT NULL,
  by {text} NOT NULL,
  made_at {text} NOT NULL,
  changed_at {text} NOT NULL,
  PRIMARY KEY (city, id)
);

-- kind: machinery
CREATE TABLE pack_trial (
  city {text} NOT NULL,
  id {text} NOT NULL,
  digest {text} NOT NULL,
  draft_id {text},
  since {text} NOT NULL,
  until {text} NOT NULL,
  by {text} NOT NULL,
  asked_at {text} NOT NULL,
  state {text} NOT NULL,
  done {int} NOT NULL,
  size {int} NOT NULL,
  score {text} NOT NULL,
  ended_at {text},
  error {text},
  PRIMARY KEY (city, id)
);
CREATE INDEX pack_trial_open ON pack_trial (city, id) WHERE state IN ('waiting', 'running');

-- kind: machinery
CREATE TABLE pack_trial_line (
  city {text} NOT NULL,
  trial_id {text} NOT NULL,
  seq {int} NOT NULL,
  case_id {text} NOT NULL,
  number {text},
  at {text} NOT NULL,
  kind {text} NOT NULL,
  changed {text} NOT NULL,
  before {text} NOT NULL,
  after {text},
  note {text},
  PRIMARY KEY (city, trial_id, seq)
);

-- kind: derived
CREATE TABLE pack_proposal (
  city {text} NOT NULL,
  id {text} NOT NULL,
  no {int} NOT NULL,
  digest {text} NOT NULL,
  base {text} NOT NULL,
  state {text} NOT NULL,
  by {text} NOT NULL,
  at {text} NOT NULL,
  decided_by {text},
  decided_at {text},
  reason {text},
  PRIMARY KEY (city, id)
);
