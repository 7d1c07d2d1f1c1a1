"""Which repository gets an alert, on which terms: the route, decided from what the alert says of itself."""
