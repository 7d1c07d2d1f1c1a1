"""The files that routes name for tokens."""

from __future__ import annotations

import re
from pathlib import Path

from booty.observability.text.sealed import Secret

TOKEN = re.compile(r"[\x21-\x7e]+")
"""What an HTTP header can hold."""


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
