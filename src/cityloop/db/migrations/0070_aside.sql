-- Observations that were not kept: of which stream, why, how many, one example; and some of those that nobody knows yet.

-- kind: machinery (counted, not told: it is about messages, and holds names and numbers of devices only)
CREATE TABLE aside (
  city {text} NOT NULL,
  key {text} NOT NULL,
  reason {text} NOT NULL,
  source {text} NOT NULL,
  count {int} NOT NULL,
  first_at {text} NOT NULL,
  last_at {text} NOT NULL,
  example {real},
  PRIMARY KEY (city, key, reason)
);
CREATE INDEX aside_last ON aside (city, last_at, key, reason);

-- kind: machinery (observations of streams that nobody registered: put in as soon as somebody does)
CREATE TABLE aside_value (
  city {text} NOT NULL,
  key {text} NOT NULL,
  at {int} NOT NULL,
  track {int} NOT NULL,
  value {real} NOT NULL,
  PRIMARY KEY (city, key, at, track)
);
