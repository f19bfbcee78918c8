-- The spine: reports, cases and tasks. The only tables that several stages may read.

-- kind: derived
CREATE TABLE report (
  city {text} NOT NULL,
  id {text} NOT NULL,
  no {int} NOT NULL,
  channel {text} NOT NULL,
  received_at {text} NOT NULL,
  happened_at {text},
  said {text} NOT NULL,
  contact {text},
  photos {text} NOT NULL,
  declared_class {text},
  by {text},
  simulated {int} NOT NULL,
  understood_at {text},
  class_key {text},
  rule {text},
  confidence_ppm {int},
  proposals {text} NOT NULL,
  near_case {text},
  recurs {text},
  why {text} NOT NULL,
  case_id {text},
  PRIMARY KEY (city, id)
);
CREATE INDEX report_case ON report (city, case_id, id) WHERE case_id IS NOT NULL;

-- kind: derived
CREATE TABLE case_file (
  city {text} NOT NULL,
  id {text} NOT NULL,
  no {int} NOT NULL,
  number {text},
  state {text} NOT NULL,
  is_open {int} NOT NULL,
  level {text},
  level_area {text},
  level_from {text},
  class_key {text},
  rule {text},
  rule_kept {text},
  urgency {int} NOT NULL,
  cell {text},
  community {text},
  street {text},
  district {text},
  lon {real},
  lat {real},
  component {text},
  spot {int},
  report_id {text} NOT NULL,
  reports {int} NOT NULL,
  confidence_ppm {int} NOT NULL,
  why {text} NOT NULL,
  near_case {text},
  recurs {text},
  merged_into {text},
  refused_for {text},
  opened_at {text} NOT NULL,
  accept_due {text},
  accepted_at {text},
  accepted_by {text},
  corrected {int} NOT NULL,
  filed_at {text},
  filed_by {text},
  dispatch_due {text},
  dispatched_at {text},
  dispatched_by {text},
  duties {text},
  task_id {text},
  unit {text},
  post {text},
  clock_since {text},
  clock_due {text},
  handled_at {text},
  handled_by {text},
  due_at {text},
  returns {int} NOT NULL,
  reworks {int} NOT NULL,
  closed_at {text},
  closed_by {text},
  on_time {int},
  simulated {int} NOT NULL,
  PRIMARY KEY (city, id)
);
-- Lists (pages/queue.py) walk one of these from its end and stop after a page: the newest of a state, what is due first
-- in a state (the clock runs in open cases only), a unit's work, a class; each ordered, so that nothing is sorted.
-- case_queue also holds what a seat's reach is judged by, so that a street's list need not fetch the rows of a city.
CREATE INDEX case_state ON case_file (city, state, id);
CREATE INDEX case_queue ON case_file (city, state, clock_due, id, cell, unit, post, class_key) WHERE is_open = 1;
CREATE INDEX case_unit ON case_file (city, unit, is_open, id);
CREATE INDEX case_class ON case_file (city, class_key, id);
CREATE UNIQUE INDEX case_number ON case_file (city, number) WHERE number IS NOT NULL;

-- kind: derived
CREATE TABLE task (
  city {text} NOT NULL,
  id {text} NOT NULL,
  case_id {text} NOT NULL,
  kind {text} NOT NULL,
  unit {text},
  post {text},
  assist {text} NOT NULL,
  time_limit {text},
  given_at {text} NOT NULL,
  given_by {text} NOT NULL,
  is_rework {int} NOT NULL,
  sign_due {text},
  due_at {text} NOT NULL,
  signed_at {text},
  signed_by {text},
  ended_at {text},
  ended_by {text},
  outcome {text},
  overdue {int},
  automatic {int} NOT NULL,
  why {text} NOT NULL,
  photos {text} NOT NULL,
  note {text},
  PRIMARY KEY (city, id)
);
CREATE INDEX task_case ON task (city, case_id, id);
-- What runs, for deadlines that move with the calendar (stages/handle).
CREATE INDEX task_running ON task (city, id) WHERE ended_at IS NULL;

-- kind: derived
CREATE TABLE unit_load (
  city {text} NOT NULL,
  unit {text} NOT NULL,
  open_tasks {int} NOT NULL,
  PRIMARY KEY (city, unit)
);
