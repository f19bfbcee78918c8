-- Causes and effects: the weather of days, and measures that were taken.

-- kind: derived (a local day, the last that was told of it; `code`: dry, rain, storm, snow, heat, fog)
CREATE TABLE weather_day (
  city {text} NOT NULL,
  day {text} NOT NULL,
  no {int} NOT NULL,
  code {text} NOT NULL,
  PRIMARY KEY (city, day)
);

-- kind: derived (`since` is a local day; no `class_key`: every class)
CREATE TABLE measure (
  city {text} NOT NULL,
  id {text} NOT NULL,
  no {int} NOT NULL,
  kind {text} NOT NULL,
  area {text} NOT NULL,
  class_key {text},
  unit {text},
  since {text} NOT NULL,
  taken_at {text} NOT NULL,
  taken_by {text} NOT NULL,
  PRIMARY KEY (city, id)
);
