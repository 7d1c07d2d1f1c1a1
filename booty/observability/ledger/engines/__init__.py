"""Where the records are: the store under the ledger."""
