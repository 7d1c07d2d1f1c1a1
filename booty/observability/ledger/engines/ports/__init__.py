"""What an engine is to others beside the ledger's doors: a store to an operator's command, a table to its shelf."""
