"""Booty: the shim that serves Sentry's webhooks beside the application."""
