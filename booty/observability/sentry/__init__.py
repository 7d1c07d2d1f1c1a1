"""VERIFY, PARSE: Sentry's bytes become our values; Sentry's web API."""
