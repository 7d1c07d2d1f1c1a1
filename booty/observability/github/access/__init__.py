"""What GitHub says of whoever calls it."""
