-- Runs of facts that were heard in the transaction that told them, and by which handlers: these pass over them.

-- kind: machinery
CREATE TABLE heard (
  city {text} NOT NULL,
  last {int} NOT NULL,
  first {int} NOT NULL,
  handlers {text} NOT NULL,
  PRIMARY KEY (city, last)
);
