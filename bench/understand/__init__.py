"""How well and how fast a report is understood: one table a question, one line of figures at the end."""
