"""What is remembered of a problem."""
