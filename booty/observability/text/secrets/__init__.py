"""Secrets: what they look like, where they are in a text."""
