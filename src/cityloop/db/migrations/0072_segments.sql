-- Observations sealed in files of columns, and how far the log that is written ahead of them is sealed.

-- kind: derived (first_us and last_us in microseconds since 1970, UTC; thinned: hours instead of observations)
CREATE TABLE segment (
  city {text} NOT NULL,
  id {text} NOT NULL,
  period {text} NOT NULL,
  shelf {int} NOT NULL,
  place {int} NOT NULL,
  thinned {int} NOT NULL,
  digest {text} NOT NULL,
  size_bytes {int} NOT NULL,
  row_count {int} NOT NULL,
  observations {int} NOT NULL,
  stream_count {int} NOT NULL,
  first_us {int} NOT NULL,
  last_us {int} NOT NULL,
  sealed_at {text} NOT NULL,
  PRIMARY KEY (city, id)
);
CREATE INDEX segment_span ON segment (city, shelf, first_us);

-- kind: derived (one row: the last number given to a segment, so that none is given twice)
CREATE TABLE segment_numbers (
  city {text} NOT NULL,
  id {text} NOT NULL,
  given {int} NOT NULL,
  PRIMARY KEY (city, id)
);

-- kind: machinery (position is the log's own JSON)
CREATE TABLE sealed_to (
  city {text} NOT NULL,
  log {text} NOT NULL,
  position {text} NOT NULL,
  PRIMARY KEY (city, log)
);
