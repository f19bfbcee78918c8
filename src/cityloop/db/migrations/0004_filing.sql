-- Filing: where the counting of case numbers stands. A number is never given twice; gaps are allowed.

-- kind: machinery
CREATE TABLE case_counter (
  city {text} NOT NULL,
  day {text} NOT NULL,
  last {int} NOT NULL,
  PRIMARY KEY (city, day)
);
