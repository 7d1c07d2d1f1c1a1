"""Metrics for Prometheus, read from the ledger; nothing in here is imported unless they are wanted."""
