"""What is remembered of our calls to Sentry's web API: how far it was read, which links it is owed."""
