"""励: which points, contracts and budgets follow from results. Not built yet."""
