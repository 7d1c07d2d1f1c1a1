"""The links from an alert to the repository's code."""
