-- Our own use by day: how often each function of the platform was called. No person is counted.

-- kind: machinery (a day that is not told yet; each process adds what it was asked)
CREATE TABLE use_now (
  city {text} NOT NULL,
  day {text} NOT NULL,
  function {text} NOT NULL,
  calls {int} NOT NULL,
  PRIMARY KEY (city, day, function)
);

-- kind: derived
CREATE TABLE use_day (
  city {text} NOT NULL,
  day {text} NOT NULL,
  function {text} NOT NULL,
  calls {int} NOT NULL,
  PRIMARY KEY (city, day, function)
);
