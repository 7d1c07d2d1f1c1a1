"""Whose secret signs: a webhook secret may have the name of its organization before it."""

from __future__ import annotations

import re
from collections.abc import Sequence

NAMED = re.compile(r"(?P<name>[a-z0-9][a-z0-9_-]{0,63}):(?P<secret>.+)")


def signers(secrets: Sequence[str]) -> tuple[tuple[str | None, str], ...]:
    """Return each secret after the name of its organization, None where it has none: `acme:<secret>`."""
    found = [(secret, NAMED.fullmatch(secret)) for secret in secrets]
    return tuple((named["name"], named["secret"]) if named else (None, secret) for secret, named in found)
