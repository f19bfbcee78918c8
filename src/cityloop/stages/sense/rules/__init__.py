"""Decisions of the stage: pure, and over columns where there are many observations."""
