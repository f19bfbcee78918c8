-- By what one already knows, e.g. a phone number, its pieces in the vault are found without opening any.

-- kind: vault (a keyed digest and the piece that it stands in; goes with it)
CREATE TABLE vault_mark (
  city {text} NOT NULL,
  digest {text} NOT NULL,
  id {text} NOT NULL,
  subject {text} NOT NULL,
  PRIMARY KEY (city, digest, id)
);
CREATE INDEX vault_mark_id ON vault_mark (city, id);

-- kind: vault (drawn once, and used by every process)
CREATE TABLE vault_key (
  city {text} NOT NULL,
  purpose {text} NOT NULL,
  secret {bytes} NOT NULL,
  PRIMARY KEY (city, purpose)
);
