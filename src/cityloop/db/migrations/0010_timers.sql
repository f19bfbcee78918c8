-- What must be done at a moment, whoever is awake then (journal/timers.py). A service sets a row with the fact that carries
-- the moment; whoever finds it due takes the row away in the transaction that does the deed.

-- kind: machinery
CREATE TABLE timer (
  city {text} NOT NULL,
  kind {text} NOT NULL,
  subject {text} NOT NULL,
  due_at {text} NOT NULL,
  next_at {text} NOT NULL,
  tries {int} NOT NULL,
  error {text},
  PRIMARY KEY (city, kind, subject)
);
CREATE INDEX timer_next ON timer (city, next_at);
