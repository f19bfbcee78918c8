-- What was erased since a moment: it is shipped to a backup every few seconds, and all of it no longer. A row comes only when something
-- is erased, so the entry costs next to nothing.
CREATE INDEX erased_at ON erased (city, at);
