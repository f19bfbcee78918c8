-- Drills: parts of the platform are taken away on purpose, and what that showed.

-- kind: derived (`faults` and `results` are JSON)
CREATE TABLE drill (
  city {text} NOT NULL,
  id {text} NOT NULL,
  no {int} NOT NULL,
  faults {text} NOT NULL,
  each_s {int} NOT NULL,
  simulated {int} NOT NULL,
  started_at {text} NOT NULL,
  started_by {text} NOT NULL,
  ended_at {text},
  whole {int} NOT NULL,
  results {text} NOT NULL,
  PRIMARY KEY (city, id)
);
