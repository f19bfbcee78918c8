-- What is known of a report beside its class, and what became of the machine's proposals: what of it stood in earlier ones (JSON, as
-- `ReportUnderstood` says it; NULL where nothing did), how it came into its case, and which unit was proposed for a task. Rows from
-- before have none until the tables are made anew from the journal.
ALTER TABLE report ADD COLUMN copied {text};
ALTER TABLE report ADD COLUMN joined {text};
ALTER TABLE task ADD COLUMN proposed {text};
