-- The index of the search was written anew whenever something was erased, and SQLite before 3.41 left empty levels each time: after a
-- thousand times it could not be read any more, nor anything be written. Made anew once, it has none, and is whole again.
{only_sqlite}INSERT INTO case_words_found (case_words_found) VALUES ('rebuild');
