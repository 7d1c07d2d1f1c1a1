"""The jobs that are owed: what they are, when they are due, who may do them."""
