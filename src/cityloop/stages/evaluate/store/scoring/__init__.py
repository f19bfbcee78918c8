"""What scores are made of beside figures."""
