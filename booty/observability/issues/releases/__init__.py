"""What later releases tell of an issue."""
