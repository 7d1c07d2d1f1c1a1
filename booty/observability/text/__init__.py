"""Untrusted text made fit to publish, with the standard library alone."""
