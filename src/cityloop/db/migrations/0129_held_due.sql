-- What is held and due is found by itself, however much is parked before it; and what is held of a subject by the subject: a
-- handler or a receiver that fails for long leaves very many, and they were walked through to find the first that is due.
CREATE INDEX held_due ON held (city, handler, seq) WHERE parked = 0;
CREATE INDEX held_subject ON held (city, handler, subject, seq);
CREATE INDEX outbox_held_due ON outbox_held (city, target, seq) WHERE parked = 0;
