"""STORE: what must survive kill -9, one door for each caller."""
