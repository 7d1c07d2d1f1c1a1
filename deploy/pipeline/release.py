"""The name of a release: `booty@` followed by the full SHA of its commit."""

from __future__ import annotations

import re

SHA = re.compile(r"[0-9a-f]{40}")
"""Use with `fullmatch`: `$` would let a newline pass."""
NAME = re.compile(rf"booty@({SHA.pattern})")


def name_of(sha: str) -> str:
    """Name the release of a commit: in Sentry, as a tag, on `/health`."""
    return f"booty@{sha}"


def read_name(text: object) -> str | None:
    """Return the SHA when `text`, which is untrusted, is the name of a release and nothing more."""
    found = NAME.fullmatch(str(text))
    return found[1] if found else None
