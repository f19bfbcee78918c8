-- The journal, its followers, and the vault. Types in braces are filled in per engine.

-- kind: log
CREATE TABLE fact (
  city {text} NOT NULL,
  seq {int} NOT NULL,
  subject {text} NOT NULL,
  subject_no {int} NOT NULL,
  type {text} NOT NULL,
  version {int} NOT NULL,
  at {text} NOT NULL,
  recorded_at {text} NOT NULL,
  actor {text} NOT NULL,
  pack {text},
  cause {text},
  alg {text} NOT NULL,
  body {bytes} NOT NULL,
  salt {bytes} NOT NULL,
  PRIMARY KEY (city, seq),
  UNIQUE (city, subject, subject_no)
);

-- kind: machinery
CREATE TABLE log_head (
  city {text} NOT NULL,
  size {int} NOT NULL,
  PRIMARY KEY (city)
);

-- kind: log
CREATE TABLE origin (
  city {text} NOT NULL,
  no {int} NOT NULL,
  name {text} NOT NULL,
  first_seq {int} NOT NULL,
  PRIMARY KEY (city, no)
);

-- kind: log
CREATE TABLE checkpoint (
  city {text} NOT NULL,
  origin {int} NOT NULL,
  size {int} NOT NULL,
  root {bytes} NOT NULL,
  note {text} NOT NULL,
  at {text} NOT NULL,
  PRIMARY KEY (city, origin, size)
);

-- kind: index
CREATE TABLE tile (
  city {text} NOT NULL,
  origin {int} NOT NULL,
  level {int} NOT NULL,
  place {int} NOT NULL,
  hashes {bytes} NOT NULL,
  PRIMARY KEY (city, origin, level, place)
);

-- kind: machinery
CREATE TABLE cursor (
  city {text} NOT NULL,
  handler {text} NOT NULL,
  shard {int} NOT NULL,
  seq {int} NOT NULL,
  PRIMARY KEY (city, handler, shard)
);

-- kind: machinery
CREATE TABLE held (
  city {text} NOT NULL,
  handler {text} NOT NULL,
  seq {int} NOT NULL,
  shard {int} NOT NULL,
  subject {text} NOT NULL,
  fact_id {text} NOT NULL,
  tries {int} NOT NULL,
  next_at {text},
  parked {int} NOT NULL,
  error {text} NOT NULL,
  PRIMARY KEY (city, handler, seq)
);

-- kind: machinery
CREATE TABLE process (
  city {text} NOT NULL,
  id {text} NOT NULL,
  seen_at {text} NOT NULL,
  PRIMARY KEY (city, id)
);

-- kind: machinery
CREATE TABLE idempotency (
  city {text} NOT NULL,
  caller {text} NOT NULL,
  key {text} NOT NULL,
  body_digest {text} NOT NULL,
  result {text} NOT NULL,
  at {text} NOT NULL,
  PRIMARY KEY (city, caller, key)
);

-- kind: vault
CREATE TABLE vault (
  city {text} NOT NULL,
  id {text} NOT NULL,
  kind {text} NOT NULL,
  subject {text} NOT NULL,
  salt {bytes} NOT NULL,
  bytes {bytes} NOT NULL,
  file {text},
  keep_until {text} NOT NULL,
  PRIMARY KEY (city, id)
);
CREATE INDEX vault_subject ON vault (city, subject);
CREATE INDEX vault_keep ON vault (city, keep_until);

-- kind: log
CREATE TABLE erased (
  city {text} NOT NULL,
  id {text} NOT NULL,
  at {text} NOT NULL,
  PRIMARY KEY (city, id)
);

-- kind: log
CREATE TABLE pack_version (
  city {text} NOT NULL,
  digest {text} NOT NULL,
  bytes {bytes} NOT NULL,
  PRIMARY KEY (city, digest)
);

-- kind: derived
CREATE TABLE pack_in_force (
  city {text} NOT NULL,
  pack_id {text} NOT NULL,
  digest {text} NOT NULL,
  since {text} NOT NULL,
  PRIMARY KEY (city, pack_id)
);
