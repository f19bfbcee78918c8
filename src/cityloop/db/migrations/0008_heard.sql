-- Runs of facts that every handler heard in the transaction that told them; a follower passes over them.

-- kind: machinery
CREATE TABLE heard (
  city {text} NOT NULL,
  last {int} NOT NULL,
  first {int} NOT NULL,
  PRIMARY KEY (city, last)
);
