-- Whence a clock counts, and when it stood: a unit that gets its own case back has the time that was left.

ALTER TABLE task ADD COLUMN clock_from {text};
ALTER TABLE task ADD COLUMN pauses {text};
ALTER TABLE case_file ADD COLUMN clock_pauses {text};
