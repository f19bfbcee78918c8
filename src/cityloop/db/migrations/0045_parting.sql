-- A report that leaves a case is asked about another one's closings too: what was asked and said names the case beside
-- the closing, as two cases may be closed by facts of the same number.

DROP INDEX callback_once;
CREATE UNIQUE INDEX callback_once ON callback (city, report_id, case_id, closing);

DROP INDEX verdict_case;
DROP INDEX verdict_at;
DROP INDEX verdict_unhappy;
ALTER TABLE verdict RENAME TO verdict_before;

-- kind: derived
CREATE TABLE verdict (
  city {text} NOT NULL,
  report_id {text} NOT NULL,
  case_id {text} NOT NULL,
  closing {int} NOT NULL,
  change {int} NOT NULL,
  callback_id {text},
  unit {text},
  solved {text} NOT NULL,
  satisfied {text} NOT NULL,
  way {text} NOT NULL,
  by {text},
  reasons {text} NOT NULL,
  words {text},
  at {text} NOT NULL,
  superseded_at {text},
  answered_at {text},
  simulated {int} NOT NULL,
  PRIMARY KEY (city, report_id, case_id, closing, change)
);
INSERT INTO verdict (city, report_id, case_id, closing, change, callback_id, unit, solved, satisfied, way, by, reasons,
  words, at, superseded_at, answered_at, simulated)
SELECT city, report_id, case_id, closing, change, callback_id, unit, solved, satisfied, way, by, reasons,
  words, at, superseded_at, answered_at, simulated FROM verdict_before;
DROP TABLE verdict_before;
CREATE INDEX verdict_case ON verdict (city, case_id, report_id, closing, change);
CREATE INDEX verdict_at ON verdict (city, at);
-- what waits for the duty leader: not solved, and neither answered nor done again
CREATE INDEX verdict_unhappy ON verdict (city, at, report_id)
  WHERE solved <> 'solved' AND superseded_at IS NULL AND answered_at IS NULL;
