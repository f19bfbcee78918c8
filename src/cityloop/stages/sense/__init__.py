"""感: what do devices and cameras notice, and what becomes a report. Not built yet."""
