"""SEND: GitHub's REST API."""
