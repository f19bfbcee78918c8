-- Lines of text: where somebody stands in a menu, until it lapses.

-- kind: vault (`id` is a keyed digest of session or number; what was typed goes when the menu ends, and lapses within minutes)
CREATE TABLE text_line (
  city {text} NOT NULL,
  id {text} NOT NULL,
  node {text} NOT NULL,
  class_key {text},
  words {text} NOT NULL,
  place {text} NOT NULL,
  language {text} NOT NULL,
  until {text} NOT NULL,
  PRIMARY KEY (city, id)
);
CREATE INDEX text_line_until ON text_line (city, until);
