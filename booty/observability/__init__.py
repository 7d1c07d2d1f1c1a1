"""The alert path: a signed Sentry webhook becomes one GitHub issue."""
