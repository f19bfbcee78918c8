-- Where many cases of a class were closed, those within reach are told by the index alone: a problem that came back is found
-- however many were closed around it since.
CREATE INDEX case_closed_there ON case_file (city, class_key, spot, closed_at, id, lon, lat, component) WHERE state = 'closed';
DROP INDEX case_closed_here;
