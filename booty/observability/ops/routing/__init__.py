"""What `booty route` shows."""
