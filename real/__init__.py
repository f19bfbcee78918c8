"""Real cities' data through the same door as everybody's: what `make real` runs. The data lie outside the project."""
