-- A piece's mark is found by the piece, and the index says it whole: where it named the piece alone, SQLite read every mark of the
-- city instead, once for each report that came in.
DROP INDEX vault_mark_id;
CREATE INDEX vault_mark_piece ON vault_mark (city, id, digest);
