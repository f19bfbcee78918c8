"""What the city learns from its cases: features, the model, how it is trained, and from where on it may decide alone."""
