"""Looks at a file's ledger beside the connection that writes."""
