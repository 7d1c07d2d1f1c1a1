"""DECIDE: an alert in our own words, with the pure decision about it."""
