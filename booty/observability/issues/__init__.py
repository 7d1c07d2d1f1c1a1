"""RENDER: an alert to an issue, and what becomes of the issue. Pure."""
