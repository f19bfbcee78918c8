-- Search over cases (src/cityloop/desk): the bigrams of what may be found, a row for a case and one for each report's words.
-- `source` names the vault item that a row was made from, none where it was made from the case alone; what is erased
-- there is erased here in the same transaction.

-- kind: index
CREATE TABLE case_words (
  city {text} NOT NULL,
  id {int} NOT NULL,
  case_id {text} NOT NULL,
  source {text},
  words {text} NOT NULL,
  PRIMARY KEY (city, id)
);
CREATE INDEX case_words_source ON case_words (city, source) WHERE source IS NOT NULL;
{only_postgres}CREATE INDEX case_words_found ON case_words USING gin (string_to_array(words, ' '));
{only_sqlite}CREATE VIRTUAL TABLE case_words_found USING fts5 (words, content = 'case_words', content_rowid = 'id', detail = none, tokenize = "unicode61 remove_diacritics 0");
{only_sqlite}CREATE TRIGGER case_words_new AFTER INSERT ON case_words BEGIN INSERT INTO case_words_found (rowid, words) VALUES (new.id, new.words); END;
{only_sqlite}CREATE TRIGGER case_words_gone AFTER DELETE ON case_words BEGIN INSERT INTO case_words_found (case_words_found, rowid, words) VALUES ('delete', old.id, old.words); END;
{only_sqlite}CREATE TRIGGER case_words_other AFTER UPDATE ON case_words BEGIN INSERT INTO case_words_found (case_words_found, rowid, words) VALUES ('delete', old.id, old.words); INSERT INTO case_words_found (rowid, words) VALUES (new.id, new.words); END;
