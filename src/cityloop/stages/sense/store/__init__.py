"""The only SQL of the stage."""
