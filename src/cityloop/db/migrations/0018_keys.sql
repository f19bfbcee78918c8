-- Keys of partners: another system's way in. The digest of a key is all that is kept of it.

ALTER TABLE account ADD COLUMN kind {text};
UPDATE account SET kind = 'person';

-- kind: derived
CREATE TABLE partner_key (
  city {text} NOT NULL,
  id {text} NOT NULL,
  account {text} NOT NULL,
  scopes {text} NOT NULL,
  per_min {int} NOT NULL,
  burst {int} NOT NULL,
  made_at {text} NOT NULL,
  made_by {text} NOT NULL,
  expires_at {text} NOT NULL,
  revoked_at {text},
  revoked_by {text},
  revoked_for {text},
  PRIMARY KEY (city, id)
);
CREATE INDEX partner_key_account ON partner_key (city, account, id);

-- kind: machinery (the key itself is kept nowhere; 256 bits of chance, so a plain digest tells nothing)
CREATE TABLE key_digest (
  city {text} NOT NULL,
  digest {text} NOT NULL,
  key_id {text} NOT NULL,
  account {text} NOT NULL,
  seen_at {text} NOT NULL,
  PRIMARY KEY (city, digest)
);
CREATE INDEX key_digest_account ON key_digest (city, account);
