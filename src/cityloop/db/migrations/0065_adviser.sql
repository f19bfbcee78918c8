-- A second look at reports that wait for a person: what an adviser outside proposes, and what it was asked on which day.

-- kind: derived (`proposals` is JSON)
CREATE TABLE second_look (
  city {text} NOT NULL,
  report_id {text} NOT NULL,
  adviser {text} NOT NULL,
  proposals {text} NOT NULL,
  at {text} NOT NULL,
  PRIMARY KEY (city, report_id)
);

-- kind: machinery (each report is asked about once; counted against the day's budget)
CREATE TABLE outside_question (
  city {text} NOT NULL,
  report_id {text} NOT NULL,
  day {text} NOT NULL,
  asked_at {text} NOT NULL,
  ended_at {text},
  outcome {text},
  PRIMARY KEY (city, report_id)
);
CREATE INDEX outside_question_day ON outside_question (city, day, asked_at);
