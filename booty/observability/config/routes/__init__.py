"""The file of routes, read before the service starts: every fault has its line."""
