-- Open cases are looked for by place first, then by class: those of a report's class, and of its matter (the first digits
-- of a class), which may be the same problem seen otherwise.

CREATE INDEX case_open_there ON case_file (city, spot, class_key, opened_at) WHERE is_open = 1;
DROP INDEX case_open_here;
