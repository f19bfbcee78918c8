-- Files of other systems: which rows came in, how far a file was read, and what an imported history does not tell.

-- kind: derived (id is source/key; `no` is the fact of the subject that told it last, `subject_no` in the journal)
CREATE TABLE imported (
  city {text} NOT NULL,
  id {text} NOT NULL,
  subject {text} NOT NULL,
  digest {text} NOT NULL,
  file {text} NOT NULL,
  line {int} NOT NULL,
  no {int} NOT NULL,
  PRIMARY KEY (city, id)
);

-- kind: machinery (the last file of a source: `records` is how far it was read, `seen_at` when its reader last moved)
CREATE TABLE import_run (
  city {text} NOT NULL,
  source {text} NOT NULL,
  file_digest {text} NOT NULL,
  mapping_digest {text} NOT NULL,
  owner {text} NOT NULL,
  records {int} NOT NULL,
  added {int} NOT NULL,
  same {int} NOT NULL,
  renewed {int} NOT NULL,
  differing {int} NOT NULL,
  bad {int} NOT NULL,
  begun_at {text} NOT NULL,
  seen_at {text} NOT NULL,
  ended_at {text},
  PRIMARY KEY (city, source)
);

-- JSON: the steps that the file does not tell; NULL where the case was not imported.
ALTER TABLE case_file ADD COLUMN untold {text};
-- The vault id of how it ended, in the other system's words.
ALTER TABLE case_file ADD COLUMN note {text};
