-- Second factors, known devices, what was signed in with and where. Types in braces are filled in per engine.

ALTER TABLE session ADD COLUMN how {text};
ALTER TABLE session ADD COLUMN stepped_at {text};
ALTER TABLE session ADD COLUMN ended_for {text};
UPDATE session SET how = 'password', stepped_at = made_at;

-- kind: vault (the secret is sealed by the city's own, which lies outside the database)
CREATE TABLE second_factor (
  city {text} NOT NULL,
  account {text} NOT NULL,
  sealed {bytes} NOT NULL,
  made_at {text} NOT NULL,
  confirmed_at {text},
  last_step {int} NOT NULL,
  PRIMARY KEY (city, account)
);

-- kind: vault (80 bits of chance each, so a plain digest tells nothing)
CREATE TABLE recovery_code (
  city {text} NOT NULL,
  account {text} NOT NULL,
  digest {text} NOT NULL,
  PRIMARY KEY (city, account, digest)
);

-- kind: vault
CREATE TABLE password_past (
  city {text} NOT NULL,
  account {text} NOT NULL,
  hash {text} NOT NULL,
  until {text} NOT NULL,
  PRIMARY KEY (city, account, hash)
);

-- kind: vault (a browser that somebody signed in with; it is known by the digest of a cookie)
CREATE TABLE known_device (
  city {text} NOT NULL,
  account {text} NOT NULL,
  digest {text} NOT NULL,
  agent {text} NOT NULL,
  first_at {text} NOT NULL,
  seen_at {text} NOT NULL,
  PRIMARY KEY (city, account, digest)
);

-- kind: vault (who tried to come in, as its owner sees it; `network` is the address without its end)
CREATE TABLE sign_in_seen (
  city {text} NOT NULL,
  id {text} NOT NULL,
  account {text} NOT NULL,
  at {text} NOT NULL,
  outcome {text} NOT NULL,
  how {text} NOT NULL,
  agent {text} NOT NULL,
  network {text} NOT NULL,
  new_device {int} NOT NULL,
  noticed_at {text},
  PRIMARY KEY (city, id)
);
CREATE INDEX sign_in_seen_account ON sign_in_seen (city, account, id);
CREATE INDEX sign_in_seen_at ON sign_in_seen (city, at);

-- kind: vault (by whom, as a provider calls them, an account is signed in; never by an address that matches)
CREATE TABLE sign_in_link (
  city {text} NOT NULL,
  provider {text} NOT NULL,
  subject {text} NOT NULL,
  account {text} NOT NULL,
  made_at {text} NOT NULL,
  made_by {text} NOT NULL,
  PRIMARY KEY (city, provider, subject)
);
CREATE INDEX sign_in_link_account ON sign_in_link (city, account);
