"""RECEIVE: the routes, with every HTTP status."""
