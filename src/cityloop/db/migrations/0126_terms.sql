-- What need not stay any longer is looked for every ten minutes, in a city where next to nothing is due: without these each look read
-- a whole table. Each costs a write one entry at the end of its index, as all three grow with time.

-- Pieces of one kind that are older than the city wants: ids grow with time. (By the city's ids alone every older piece of the other
-- kinds was read again at each look.)
CREATE INDEX vault_kind ON vault (city, kind, id);
-- Messages that ended, kept as long as the pack says: what still waits is not in it.
CREATE INDEX outbox_ended ON outbox (city, ended_at) WHERE ended_at IS NOT NULL;
-- Keys of requests, kept for a month; and what is shipped to a backup every few seconds is the newest of them.
CREATE INDEX idempotency_at ON idempotency (city, at);
