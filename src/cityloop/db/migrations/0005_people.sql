-- Accounts, the posts that they sit in, how they sign in. Types in braces are filled in per engine.

-- kind: derived
CREATE TABLE account (
  city {text} NOT NULL,
  id {text} NOT NULL,
  no {int} NOT NULL,
  state {text} NOT NULL,
  person {text} NOT NULL,
  simulated {int} NOT NULL,
  opened_at {text} NOT NULL,
  closed_at {text},
  closed_for {text},
  PRIMARY KEY (city, id)
);

-- kind: derived
CREATE TABLE seat (
  city {text} NOT NULL,
  account {text} NOT NULL,
  post {text} NOT NULL,
  since {text} NOT NULL,
  PRIMARY KEY (city, account, post)
);
CREATE INDEX seat_post ON seat (city, post);

-- kind: vault
CREATE TABLE sign_in_name (
  city {text} NOT NULL,
  name {text} NOT NULL,
  account {text} NOT NULL,
  PRIMARY KEY (city, name)
);
CREATE INDEX sign_in_name_account ON sign_in_name (city, account);

-- kind: vault
CREATE TABLE credential (
  city {text} NOT NULL,
  account {text} NOT NULL,
  hash {text} NOT NULL,
  must_change {int} NOT NULL,
  changed_at {text} NOT NULL,
  PRIMARY KEY (city, account)
);

-- kind: machinery (by the digest of a name, known or not, so that a lock does not tell who exists)
CREATE TABLE sign_in_failure (
  city {text} NOT NULL,
  name_digest {text} NOT NULL,
  failures {int} NOT NULL,
  last_at {text} NOT NULL,
  locked_until {text},
  PRIMARY KEY (city, name_digest)
);
CREATE INDEX sign_in_failure_last ON sign_in_failure (city, last_at);

-- kind: machinery (a person's session, or a token for a machine; the token itself is kept nowhere)
CREATE TABLE session (
  city {text} NOT NULL,
  digest {text} NOT NULL,
  account {text} NOT NULL,
  kind {text} NOT NULL,
  made_at {text} NOT NULL,
  seen_at {text} NOT NULL,
  expires_at {text} NOT NULL,
  agent {text} NOT NULL,
  PRIMARY KEY (city, digest)
);
CREATE INDEX session_account ON session (city, account, made_at);
CREATE INDEX session_expires ON session (city, expires_at);

-- kind: machinery (raised by whatever ends a session or changes a seat; each process asks for it once a second)
CREATE TABLE people_version (
  city {text} NOT NULL,
  no {int} NOT NULL,
  PRIMARY KEY (city)
);
CREATE INDEX vault_file ON vault (city, file) WHERE file IS NOT NULL;
