-- The knowledge base: what the city answers with, and what was answered with it without a case.

-- kind: derived (published is the revision that is read, 0 before any was)
CREATE TABLE knowledge (
  city {text} NOT NULL,
  id {text} NOT NULL,
  no {int} NOT NULL,
  newest {int} NOT NULL,
  published {int} NOT NULL,
  flags {int} NOT NULL,
  made_at {text} NOT NULL,
  retired_at {text},
  retired_for {text},
  simulated {int} NOT NULL,
  PRIMARY KEY (city, id)
);

-- kind: derived (classes and areas are JSON; the words lie in the vault)
CREATE TABLE knowledge_revision (
  city {text} NOT NULL,
  entry {text} NOT NULL,
  revision {int} NOT NULL,
  said {text} NOT NULL,
  classes {text} NOT NULL,
  areas {text} NOT NULL,
  owner {text} NOT NULL,
  valid_until {text} NOT NULL,
  is_public {int} NOT NULL,
  state {text} NOT NULL,
  drafted_at {text} NOT NULL,
  drafted_by {text} NOT NULL,
  decided_at {text},
  decided_by {text},
  reason {text},
  PRIMARY KEY (city, entry, revision)
);

-- kind: derived
CREATE TABLE knowledge_flag (
  city {text} NOT NULL,
  id {text} NOT NULL,
  entry {text} NOT NULL,
  revision {int} NOT NULL,
  reason {text} NOT NULL,
  note {text},
  raised_at {text} NOT NULL,
  raised_by {text} NOT NULL,
  settled_at {text},
  PRIMARY KEY (city, id)
);
CREATE INDEX knowledge_flag_entry ON knowledge_flag (city, entry, id);

-- kind: index (two characters, or a word, of an entry's text; heavier in its title)
CREATE TABLE knowledge_gram (
  city {text} NOT NULL,
  gram {text} NOT NULL,
  entry {text} NOT NULL,
  revision {int} NOT NULL,
  weight {int} NOT NULL,
  PRIMARY KEY (city, gram, entry, revision)
);
CREATE INDEX knowledge_gram_entry ON knowledge_gram (city, entry, revision);

-- kind: derived (question and contact lie in the vault)
CREATE TABLE inquiry (
  city {text} NOT NULL,
  id {text} NOT NULL,
  entry {text} NOT NULL,
  revision {int} NOT NULL,
  channel {text} NOT NULL,
  class_key {text},
  question {text},
  contact {text},
  answered_at {text} NOT NULL,
  answered_by {text} NOT NULL,
  simulated {int} NOT NULL,
  PRIMARY KEY (city, id)
);
CREATE INDEX inquiry_answered ON inquiry (city, answered_at, id);
CREATE INDEX inquiry_entry ON inquiry (city, entry, id);
