"""What waits on this machine's own disk while the ledger's database is away."""
