"""The second engine: one table in PostgreSQL, for several machines that share a ledger."""
