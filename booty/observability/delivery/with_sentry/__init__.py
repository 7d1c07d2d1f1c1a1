"""Sentry asked instead of waited for: what never arrived is claimed, filed issues are linked there."""
