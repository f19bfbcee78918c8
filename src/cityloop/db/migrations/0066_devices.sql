-- The register of what observes.

-- kind: derived (`no` is the last number of the subject, those of its streams included)
CREATE TABLE thing (
  city {text} NOT NULL,
  id {text} NOT NULL,
  no {int} NOT NULL,
  key {text} NOT NULL,
  kind {text} NOT NULL,
  state {text} NOT NULL,
  lon {real},
  lat {real},
  cell {text},
  site {text} NOT NULL,
  component {text},
  owner {text},
  vendor {text} NOT NULL,
  model {text} NOT NULL,
  installed_at {text},
  calibrated_at {text},
  calibrate_by {text},
  simulated {int} NOT NULL,
  registered_at {text} NOT NULL,
  changed_at {text} NOT NULL,
  state_why {text} NOT NULL,
  state_at {text} NOT NULL,
  state_by {text} NOT NULL,
  state_alarm {text},
  PRIMARY KEY (city, id)
);
CREATE UNIQUE INDEX thing_key ON thing (city, key);
CREATE INDEX thing_changed ON thing (city, changed_at, id, no);
CREATE INDEX thing_calibrate ON thing (city, calibrate_by);

-- kind: derived (words is JSON)
CREATE TABLE stream (
  city {text} NOT NULL,
  id {text} NOT NULL,
  no {int} NOT NULL,
  thing {text} NOT NULL,
  key {text} NOT NULL,
  property {text} NOT NULL,
  unit {text} NOT NULL,
  observing {text} NOT NULL,
  every_s {real} NOT NULL,
  least {real},
  most {real},
  words {text} NOT NULL,
  is_open {int} NOT NULL,
  is_closed {int} NOT NULL,
  PRIMARY KEY (city, id)
);
CREATE UNIQUE INDEX stream_no ON stream (city, no);
CREATE INDEX stream_thing ON stream (city, thing);

-- kind: vault (what people call a device, and where its picture is: addresses may hold a secret; properties is JSON)
CREATE TABLE thing_said (
  city {text} NOT NULL,
  id {text} NOT NULL,
  name {text} NOT NULL,
  live_url {text} NOT NULL,
  still_url {text} NOT NULL,
  properties {text} NOT NULL,
  PRIMARY KEY (city, id)
);
