-- What goes out to other systems: how far each target has been told, and what it would not take.

-- kind: machinery
CREATE TABLE outbox_place (
  city {text} NOT NULL,
  target {text} NOT NULL,
  seq {int} NOT NULL,
  tries {int} NOT NULL,
  next_at {text},
  failing_since {text},
  status {int},
  error {text},
  sent {int} NOT NULL,
  sent_at {text},
  PRIMARY KEY (city, target)
);

-- kind: machinery (with tries 0 it only waits behind an earlier one of its subject)
CREATE TABLE outbox_held (
  city {text} NOT NULL,
  target {text} NOT NULL,
  seq {int} NOT NULL,
  subject {text} NOT NULL,
  fact_id {text} NOT NULL,
  tries {int} NOT NULL,
  next_at {text},
  parked {int} NOT NULL,
  status {int},
  error {text},
  PRIMARY KEY (city, target, seq)
);
CREATE INDEX outbox_held_subject ON outbox_held (city, target, subject, seq);
