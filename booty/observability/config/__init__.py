"""The settings, read from a given mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from booty.observability.config.settings import Settings

__all__ = ["Settings"]


def __getattr__(name: str) -> object:
    """Import the settings when somebody asks for them: a tenth of a second that not every command has to wait for."""
    if name not in __all__:
        raise AttributeError(name)
    from booty.observability.config.settings import Settings  # noqa: PLC0415 - see above

    return Settings
