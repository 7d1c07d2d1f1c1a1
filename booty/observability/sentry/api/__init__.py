"""Sentry's web API, as the owner of one token sees one organization."""
