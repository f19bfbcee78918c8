-- How many messages in a row a target would not take: one that may be given up is, when it takes nothing at all.
ALTER TABLE outbox_place ADD COLUMN refused {int} NOT NULL DEFAULT 0;
