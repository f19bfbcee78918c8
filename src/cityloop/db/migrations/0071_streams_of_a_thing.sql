-- The streams of a device in their order by one index: by the numbers of all streams each question would read the whole city.

DROP INDEX stream_thing;
CREATE INDEX stream_thing_no ON stream (city, thing, no);
