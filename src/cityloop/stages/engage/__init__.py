"""众: what do residents propose, vote for and do themselves. Not built yet."""
