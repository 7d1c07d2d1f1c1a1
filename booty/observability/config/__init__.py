"""The settings, read from a given mapping."""

from booty.observability.config.settings import Settings

__all__ = ["Settings"]
