"""The files that routes name for tokens."""

from __future__ import annotations

from pathlib import Path

from booty.observability.config.kinds.secrets import TOKEN
from booty.observability.text.sealed import Secret


def token_in(path: str) -> Secret | None:
    """Return what a file holds, None where there is nothing, or it cannot be read."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig").strip()
    except (OSError, ValueError):
        return None
    return Secret(text) if text else None


def is_token(path: str) -> bool:
    """Return whether a file holds one token, alone."""
    token = token_in(path)
    return token is not None and TOKEN.fullmatch(token.reveal()) is not None
