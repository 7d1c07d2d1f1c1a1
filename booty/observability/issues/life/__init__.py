"""An issue's life after its birth."""
