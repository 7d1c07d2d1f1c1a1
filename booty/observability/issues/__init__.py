"""RENDER: from an alert to its issue. Pure."""
