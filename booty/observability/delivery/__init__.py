"""DELIVER: the second loop, which does what the ledger owes."""
