-- What the city learns from its cases: which model said what of a report, models made, what decides.

-- as `ReportUnderstood` says them: the algorithm and its version; whether nobody need look
ALTER TABLE report ADD COLUMN model {text};
ALTER TABLE report ADD COLUMN alone {int};
-- why a task was sent back, as a code
ALTER TABLE task ADD COLUMN returned_for {text};

-- kind: derived (score and held_back are JSON; promoted_no counts the times that a model was put in force)
CREATE TABLE learned_model (
  city {text} NOT NULL,
  id {text} NOT NULL,
  no {int} NOT NULL,
  trained_at {text} NOT NULL,
  trained_by {text} NOT NULL,
  lessons {int} NOT NULL,
  classes {int} NOT NULL,
  since {text} NOT NULL,
  until {text} NOT NULL,
  level_ppm {int} NOT NULL,
  size_bytes {int} NOT NULL,
  score {text} NOT NULL,
  held_back {text} NOT NULL,
  why {text} NOT NULL,
  promoted_at {text},
  promoted_by {text},
  simulated {int} NOT NULL,
  PRIMARY KEY (city, id)
);
CREATE INDEX learned_model_at ON learned_model (city, trained_at);

-- kind: derived (a row of each algorithm that was ever paused, promoted or watched; watched and levels are JSON)
CREATE TABLE algorithm (
  city {text} NOT NULL,
  id {text} NOT NULL,
  no {int} NOT NULL,
  model {text},
  before {text} NOT NULL,
  changed_at {text},
  changed_by {text},
  paused_at {text},
  paused_by {text},
  watched_at {text},
  watched {text},
  levels {text} NOT NULL,
  PRIMARY KEY (city, id)
);
