-- The limits that a stage's own clock was given, so that a corrected calendar can count them again.

ALTER TABLE case_file ADD COLUMN accept_limit {text};
ALTER TABLE case_file ADD COLUMN dispatch_limit {text};
ALTER TABLE task ADD COLUMN sign_limit {text};
