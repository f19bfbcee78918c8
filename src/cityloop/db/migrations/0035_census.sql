-- Census 普查: proposed changes of the register of components, what was approved, and the codes on things.

-- kind: derived (`becomes`, `was`, `photos` are JSON)
CREATE TABLE component_change (
  city {text} NOT NULL,
  id {text} NOT NULL,
  no {int} NOT NULL,
  kind {text} NOT NULL,
  component {text},
  state {text} NOT NULL,
  becomes {text} NOT NULL,
  was {text},
  cell {text} NOT NULL,
  proposed_by {text} NOT NULL,
  proposed_at {text} NOT NULL,
  photos {text} NOT NULL,
  note {text},
  decided_by {text},
  decided_at {text},
  refused_for {text},
  answer {text},
  simulated {int} NOT NULL,
  PRIMARY KEY (city, id)
);
CREATE INDEX component_change_state ON component_change (city, state, id);
CREATE INDEX component_change_by ON component_change (city, proposed_by, id);

-- kind: derived (`becomes`, `over` are JSON; `version` counts the approved changes of the component)
CREATE TABLE component_over (
  city {text} NOT NULL,
  code {text} NOT NULL,
  version {int} NOT NULL,
  kind {text} NOT NULL,
  becomes {text} NOT NULL,
  over {text},
  change_id {text} NOT NULL,
  changed_at {text} NOT NULL,
  PRIMARY KEY (city, code)
);

-- kind: derived
CREATE TABLE component_tag (
  city {text} NOT NULL,
  tag {text} NOT NULL,
  component {text} NOT NULL,
  made_at {text} NOT NULL,
  PRIMARY KEY (city, tag)
);
CREATE INDEX component_tag_component ON component_tag (city, component, tag);
