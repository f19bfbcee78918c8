"""Where and why: hot spots, what comes back, what grows, what goes together, what follows what, what wanders."""
