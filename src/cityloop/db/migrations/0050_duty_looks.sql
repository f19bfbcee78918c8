-- Who looked at where somebody on duty is: shown to whom it concerns. A page view is no fact.

-- kind: machinery (a post's looks at a shift; kept as long as tracks are)
CREATE TABLE duty_look (
  city {text} NOT NULL,
  shift_id {text} NOT NULL,
  post {text} NOT NULL,
  last_at {text} NOT NULL,
  PRIMARY KEY (city, shift_id, post)
);
CREATE INDEX duty_look_at ON duty_look (city, last_at);
