-- What a resident asks: which open case a report is another sight of, and what is known or was done around a place.

ALTER TABLE report ADD COLUMN meant {text};

-- Filed cases of a spot: the open ones have no closed_at, those that were done last come last.
CREATE INDEX case_spot ON case_file (city, spot, closed_at) WHERE number IS NOT NULL;
