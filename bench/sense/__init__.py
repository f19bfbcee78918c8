"""What an observation costs: `make bench B=sense`."""
