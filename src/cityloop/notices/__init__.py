"""Words to people: what a reporter or a worker is told, and by which way. Not built yet."""
