-- What desks need beside the cases. The lists of what bears a mark, or waits for an approval, walk these: few of many.

CREATE INDEX case_marked ON case_file (city, id) WHERE marks IS NOT NULL AND is_open = 1;
CREATE INDEX case_asking ON case_file (city, id) WHERE approval_kind IS NOT NULL AND is_open = 1;

-- kind: vault (names are typed by people; `owner` is account/ID or post/ID, and what it held goes when the owner says so)
CREATE TABLE saved_view (
  city {text} NOT NULL,
  id {text} NOT NULL,
  owner {text} NOT NULL,
  name {text} NOT NULL,
  asked {text} NOT NULL,
  made_at {text} NOT NULL,
  made_by {text} NOT NULL,
  PRIMARY KEY (city, id)
);
CREATE INDEX saved_view_owner ON saved_view (city, owner, id);

-- kind: machinery (who looks at a case now; a row that is not renewed means nothing after a minute)
CREATE TABLE presence (
  city {text} NOT NULL,
  case_id {text} NOT NULL,
  account {text} NOT NULL,
  since {text} NOT NULL,
  seen_at {text} NOT NULL,
  deed {text},
  PRIMARY KEY (city, case_id, account)
);
CREATE INDEX presence_seen ON presence (city, seen_at);
