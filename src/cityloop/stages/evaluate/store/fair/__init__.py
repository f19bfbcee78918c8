"""The SQL of fairness: requests to leave cases out, what is looked at for made numbers, and what people said of it."""
