-- Where many cases are open, those within reach are told by the index alone, newest first, as of the closed: a crowded place does
-- not make a report dear.
CREATE INDEX case_open_at_hand ON case_file (city, spot, class_key, opened_at, id, lon, lat, component) WHERE is_open = 1;
DROP INDEX case_open_there;
