"""What of an alert is kept."""
