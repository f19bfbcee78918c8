-- How a reporter finds the report again, which files show a photo, and where a report's relatives are looked for.

-- kind: vault (the code opens what became of the report; it goes when the words go)
CREATE TABLE tracking (
  city {text} NOT NULL,
  code {text} NOT NULL,
  report_id {text} NOT NULL,
  said {text} NOT NULL,
  PRIMARY KEY (city, code)
);
CREATE INDEX tracking_report ON tracking (city, report_id);
CREATE INDEX tracking_said ON tracking (city, said);

-- kind: vault (a derivative or thumb by its digest; `photo` is the vault item of the bytes as sent, `subject` whose it is)
CREATE TABLE file_shown (
  city {text} NOT NULL,
  digest {text} NOT NULL,
  photo {text} NOT NULL,
  subject {text} NOT NULL,
  PRIMARY KEY (city, digest, photo)
);
CREATE INDEX file_shown_photo ON file_shown (city, photo);

CREATE INDEX case_open_here ON case_file (city, class_key, spot, opened_at) WHERE is_open = 1;
CREATE INDEX case_closed_here ON case_file (city, class_key, spot, closed_at) WHERE state = 'closed';
CREATE INDEX case_private ON case_file (city, class_key, cell) WHERE spot IS NULL;
