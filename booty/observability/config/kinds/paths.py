"""Paths in the repository."""

from __future__ import annotations

from typing import Annotated

from booty.observability.alerts.handover.protected import is_path
from booty.observability.config_errors import Unusable

MOST_PATHS = 100


def _paths(text: str) -> tuple[str, ...]:
    paths = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    wrong = next((path for path in paths if not is_path(path)), None)
    if wrong is not None:
        raise Unusable(f"{wrong!r} is not a path in the repository")
    if len(paths) > MOST_PATHS:
        raise Unusable(f"holds more than {MOST_PATHS} paths")
    return paths


ProtectedPaths = Annotated[tuple[str, ...], _paths]
