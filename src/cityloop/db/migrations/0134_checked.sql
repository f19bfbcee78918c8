-- Sure decisions that a person was asked about all the same are found by themselves: they alone tell whether a level is kept, and
-- among all that people decide in a city they are few.
ALTER TABLE report ADD COLUMN checked {int};
UPDATE report SET checked = 1 WHERE why LIKE '%"checked:%';
CREATE INDEX report_checked ON report (city, id) WHERE checked = 1;
