"""Cameras: what they say that they saw, in the formats in which it is really sent."""
