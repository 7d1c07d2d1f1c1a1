"""The kinds of values that settings have: each is a type with the function that reads it, or raises `ValueError`."""
