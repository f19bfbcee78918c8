"""预: what will happen, and what plan answers a warning. Not built yet."""
