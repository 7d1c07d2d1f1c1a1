"""The watch over the pipe: who is told when it is broken."""
