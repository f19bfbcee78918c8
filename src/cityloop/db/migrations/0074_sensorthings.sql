-- SensorThings: what the register of devices has no place for.

-- kind: derived (`entity` is KIND/ID; `no` is the last number of the subject; links is JSON: relation -> ids)
CREATE TABLE sta_entity (
  city {text} NOT NULL,
  entity {text} NOT NULL,
  no {int} NOT NULL,
  kind {text} NOT NULL,
  id {text} NOT NULL,
  links {text} NOT NULL,
  is_gone {int} NOT NULL,
  changed_at {text} NOT NULL,
  PRIMARY KEY (city, entity)
);
CREATE INDEX sta_entity_changed ON sta_entity (city, changed_at, entity);

-- kind: vault (the words of an entity, as they were typed; members is JSON)
CREATE TABLE sta_said (
  city {text} NOT NULL,
  entity {text} NOT NULL,
  members {text} NOT NULL,
  PRIMARY KEY (city, entity)
);

-- kind: vault (what was told of an observation besides its number; members is JSON; `is_gone`: deleted, and not shown)
CREATE TABLE sta_beside (
  city {text} NOT NULL,
  stream {int} NOT NULL,
  at {int} NOT NULL,
  track {int} NOT NULL,
  feature {text} NOT NULL,
  members {text} NOT NULL,
  is_gone {int} NOT NULL,
  PRIMARY KEY (city, stream, at, track)
);
CREATE INDEX sta_beside_feature ON sta_beside (city, feature);
CREATE INDEX sta_beside_at ON sta_beside (city, at);
