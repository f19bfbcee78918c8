-- The alarms that run, by device: the list of devices asks for them at every look, and would read every alarm there ever was.

CREATE INDEX alarm_running ON alarm (city, thing_id, colour) WHERE cleared_at IS NULL;
