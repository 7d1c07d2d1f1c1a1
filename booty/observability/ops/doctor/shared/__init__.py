"""What several machines share."""
