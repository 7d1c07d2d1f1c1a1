"""Booty: the shim that serves Sentry's webhooks beside the application."""

__version__ = "1.0.0"
