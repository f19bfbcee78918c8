-- What a report wants 诉求类型, as it was understood: lists of cases are narrowed by it. Reports from before have none until
-- the tables are made anew from the journal.

ALTER TABLE report ADD COLUMN request_kind {text};
