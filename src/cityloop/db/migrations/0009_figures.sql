-- What figures of a period are found by (stages/evaluate). A case that is over leaves nothing to count outside the time
-- from its opening to its end, so these two and case_queue, which holds what is open, give every row of a period. The
-- first is written once in the life of a case, when it ends.
CREATE INDEX case_over ON case_file (city, closed_at, opened_at, id) WHERE is_open = 0;
CREATE INDEX report_came ON report (city, received_at, id);
