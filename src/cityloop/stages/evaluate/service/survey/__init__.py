"""Use cases of the field tools: open a task, fill in, visit, answer, review, publish."""
