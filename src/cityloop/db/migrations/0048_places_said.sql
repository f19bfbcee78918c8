-- Which places a report's words name, as JSON: proposals for who accepts it.

ALTER TABLE report ADD COLUMN places {text} NOT NULL DEFAULT '[]';
