-- Work orders of the hotline, what it said of them, and the webhooks of those who asked for facts.

-- kind: derived
CREATE TABLE work_order (
  city {text} NOT NULL,
  id {text} NOT NULL,
  no {int} NOT NULL,
  source {text} NOT NULL,
  number {text} NOT NULL,
  round_no {int} NOT NULL,
  state {text} NOT NULL,
  request_kind {text} NOT NULL,
  report_id {text},
  words {text} NOT NULL,
  caller {text},
  marks {text} NOT NULL,
  received_at {text} NOT NULL,
  called_at {text},
  sent_at {text} NOT NULL,
  dispatched_at {text} NOT NULL,
  sign_due {text} NOT NULL,
  send_back_due {text} NOT NULL,
  contact_due {text} NOT NULL,
  reply_due {text} NOT NULL,
  dues {text} NOT NULL,
  signed_at {text},
  contacted_at {text},
  contact_tries {int} NOT NULL,
  return_reason {text},
  extensions {int} NOT NULL,
  extension_until {text},
  draft {text},
  drafted_at {text},
  reply {text},
  replied_at {text},
  is_true {int},
  surveyed_at {text},
  survey {text},
  solved {text},
  satisfied {text},
  urges {int} NOT NULL,
  urged_at {text},
  exclusion {text},
  exclusion_reason {text},
  over_at {text},
  simulated {int} NOT NULL,
  PRIMARY KEY (city, id)
);
CREATE INDEX work_order_came ON work_order (city, dispatched_at, id);
CREATE INDEX work_order_report ON work_order (city, report_id) WHERE report_id IS NOT NULL;

-- kind: derived (an id is never taken twice; with a body, it waits for its order)
CREATE TABLE order_message (
  city {text} NOT NULL,
  order_id {text} NOT NULL,
  message {text} NOT NULL,
  no {int} NOT NULL,
  body {text},
  PRIMARY KEY (city, order_id, message)
);

-- kind: derived
CREATE TABLE webhook (
  city {text} NOT NULL,
  id {text} NOT NULL,
  no {int} NOT NULL,
  account {text} NOT NULL,
  key_id {text},
  types {text} NOT NULL,
  scopes {text},
  state {text} NOT NULL,
  made_at {text} NOT NULL,
  begins_after {int} NOT NULL,
  stopped_at {text},
  stopped_for {text},
  PRIMARY KEY (city, id)
);
CREATE INDEX webhook_account ON webhook (city, account, id);

-- kind: vault (an address may hold a secret of its own)
CREATE TABLE webhook_way (
  city {text} NOT NULL,
  id {text} NOT NULL,
  url {text} NOT NULL,
  secret {bytes} NOT NULL,
  old_secret {bytes},
  PRIMARY KEY (city, id)
);
