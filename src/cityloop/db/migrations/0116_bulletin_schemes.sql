-- By which scheme an assessment bulletin scores; "": by the city's usual one.
ALTER TABLE bulletin ADD COLUMN scheme {text};
ALTER TABLE bulletin_subscription ADD COLUMN scheme {text};
ALTER TABLE bulletin_job ADD COLUMN scheme {text};
UPDATE bulletin SET scheme = '';
UPDATE bulletin_subscription SET scheme = '';
UPDATE bulletin_job SET scheme = '';
