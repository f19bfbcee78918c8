"""Cityloop: a city closes the loop between what is sensed, what is done and what is learned."""
