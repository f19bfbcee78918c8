-- What desks need beside the cases. The lists of what bears a mark, or waits for an approval, walk these: few of many.

CREATE INDEX case_marked ON case_file (city, id) WHERE marks IS NOT NULL AND is_open = 1;
CREATE INDEX case_asking ON case_file (city, id) WHERE approval_kind IS NOT NULL AND is_open = 1;
