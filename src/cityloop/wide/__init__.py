"""Wide reads: the journal as columns. Not built yet; `evaluate` reads the derived tables by SQL."""
