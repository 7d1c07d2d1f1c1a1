"""How a connection comes to be one that a ledger can be kept over; why it does not."""
