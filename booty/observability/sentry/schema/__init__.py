"""Sentry's JSON: the only place that spells its keys."""
