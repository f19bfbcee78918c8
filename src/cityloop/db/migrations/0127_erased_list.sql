-- How far the list of the erased, which lies beside the database, was gone through here: a start looks for the rest only. No backup has
-- it, so that after a restore all of the list is gone through.

-- kind: machinery (size and digest of the part of the list of which nothing is here; other bytes are another list)
CREATE TABLE erased_list (
  city {text} NOT NULL,
  id {text} NOT NULL,
  size {int} NOT NULL,
  digest {text} NOT NULL,
  PRIMARY KEY (city, id)
);
