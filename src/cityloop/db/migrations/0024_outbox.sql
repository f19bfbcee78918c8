-- Messages that shall be sent (notices/). A row holds no number and no text: both are made from the vault at the moment of
-- sending, so that what was erased is not sent. The key is the id of the fact that asked for it; the row stays when it was
-- sent, so that a fact that is heard again sends nothing again.

-- kind: machinery
CREATE TABLE outbox (
  city {text} NOT NULL,
  key {text} NOT NULL,
  report_id {text} NOT NULL,
  says {text} NOT NULL,
  put_at {text} NOT NULL,
  next_at {text} NOT NULL,
  tries {int} NOT NULL,
  error {text},
  ended_at {text},
  outcome {text},
  PRIMARY KEY (city, key)
);
CREATE INDEX outbox_next ON outbox (city, next_at, key) WHERE ended_at IS NULL;
