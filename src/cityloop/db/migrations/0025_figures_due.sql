-- Where a pack reads what is owed by its deadline, a task counts in a period that may come after the end of its case.
-- Written once, when a task is finished in time.
CREATE INDEX task_in_time ON task (city, due_at, case_id) WHERE kind = 'handle' AND overdue = 0;
