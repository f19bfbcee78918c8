-- Who outside saw our log grow: the lines of witnesses under heads, and how it stands with each.

-- kind: log
CREATE TABLE cosignature (
  city {text} NOT NULL,
  origin {int} NOT NULL,
  size {int} NOT NULL,
  witness {text} NOT NULL,
  line {text} NOT NULL,
  PRIMARY KEY (city, origin, size, witness)
);

-- kind: machinery
CREATE TABLE witnessed (
  city {text} NOT NULL,
  origin {int} NOT NULL,
  witness {text} NOT NULL,
  size {int} NOT NULL,
  at {text},
  refused_at {text},
  refused {text} NOT NULL,
  PRIMARY KEY (city, origin, witness)
);
