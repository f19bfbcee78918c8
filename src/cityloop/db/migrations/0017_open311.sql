-- Open311: other cities' catalogues and requests as they were told, and what others told of a request.

-- kind: derived (by its place in the list: a city may list one code in several groups)
CREATE TABLE open311_service (
  city {text} NOT NULL,
  jurisdiction {text} NOT NULL,
  place {int} NOT NULL,
  code {text} NOT NULL,
  told {text} NOT NULL,
  PRIMARY KEY (city, jurisdiction, place)
);

-- kind: derived
CREATE TABLE open311_request (
  city {text} NOT NULL,
  jurisdiction {text} NOT NULL,
  id {text} NOT NULL,
  status {text} NOT NULL,
  service_code {text} NOT NULL,
  requested_at {text} NOT NULL,
  updated_at {text},
  expected_at {text},
  lon {real},
  lat {real},
  words {text} NOT NULL,
  PRIMARY KEY (city, jurisdiction, id)
);
-- Lists walk one of these from its end and stop after a page.
CREATE INDEX open311_request_came ON open311_request (city, jurisdiction, requested_at, id);
CREATE INDEX open311_request_updated ON open311_request (city, jurisdiction, updated_at, id);

-- kind: derived
CREATE TABLE open311_update (
  city {text} NOT NULL,
  id {text} NOT NULL,
  jurisdiction {text} NOT NULL,
  request_id {text} NOT NULL,
  case_id {text},
  their_id {text} NOT NULL,
  status {text} NOT NULL,
  updated_at {text} NOT NULL,
  told_at {text} NOT NULL,
  by {text},
  words {text},
  PRIMARY KEY (city, id)
);
CREATE INDEX open311_update_when ON open311_update (city, jurisdiction, updated_at, id);
CREATE INDEX open311_update_of ON open311_update (city, jurisdiction, request_id, their_id);
