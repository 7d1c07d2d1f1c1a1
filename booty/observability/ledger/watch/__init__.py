"""What the watch over the pipe reads in the ledger, with what it notes there."""
