"""Owed work: what it is, when it is due, who may do it."""
