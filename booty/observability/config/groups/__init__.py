"""Groups of settings, each about one subject."""
