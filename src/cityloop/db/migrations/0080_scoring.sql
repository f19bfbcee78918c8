-- Points beside the lines of a score, and proposals for a quarter's budget.

-- kind: derived (`points_milli` in thousandths of a point)
CREATE TABLE score_entry (
  city {text} NOT NULL,
  id {text} NOT NULL,
  no {int} NOT NULL,
  scheme {text} NOT NULL,
  object {text} NOT NULL,
  day {text} NOT NULL,
  points_milli {int} NOT NULL,
  reason {text} NOT NULL,
  entered_at {text} NOT NULL,
  entered_by {text} NOT NULL,
  withdrawn_at {text},
  withdrawn_by {text},
  PRIMARY KEY (city, id)
);
CREATE INDEX score_entry_day ON score_entry (city, scheme, day);

-- kind: derived (`lines` and `taken` are JSON)
CREATE TABLE budget_proposal (
  city {text} NOT NULL,
  id {text} NOT NULL,
  no {int} NOT NULL,
  scheme {text} NOT NULL,
  quarter {text} NOT NULL,
  first_day {text} NOT NULL,
  last_day {text} NOT NULL,
  seq {int} NOT NULL,
  pack_seen {text} NOT NULL,
  lines {text} NOT NULL,
  proposed_at {text} NOT NULL,
  proposed_by {text} NOT NULL,
  taken {text},
  decided_at {text},
  decided_by {text},
  PRIMARY KEY (city, id)
);
CREATE INDEX budget_proposal_quarter ON budget_proposal (city, quarter, id);
