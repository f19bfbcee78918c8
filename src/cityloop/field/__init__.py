"""外勤: the field. Who is on duty where, and what stands in the streets. Read by stages and pages; knows no case."""
