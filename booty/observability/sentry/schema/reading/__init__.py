"""How JSON from outside is read, by the types of what is wanted of it."""
