"""Addresses without what travels in them as a secret: user, query, fragment."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

MOST_OF_URL = 2_000
"""Characters of an address that are read; what lies beyond is mostly its query."""
ADDRESS = ("http://", "https://", "/")
PLAIN = re.compile(r"(?P<origin>https?://[A-Za-z0-9.-]+(?::[0-9]+)?)?(?P<path>/(?!/)[A-Za-z0-9/._~-]*)")
"""An address that has neither user, query nor fragment: most are like that, and `urlsplit` takes ten times as long."""


def without_query(url: str | None, *, host: bool) -> str | None:
    """Return `url` without user, query and fragment, which hold secrets; with its host or from its path on."""
    if not url:
        return None
    read = url[:MOST_OF_URL]
    if plain := PLAIN.fullmatch(read):
        return read if host else plain["path"]
    try:
        parts = urlsplit(read)
    except ValueError:
        return None  # not a URL, such as `http://[`
    if len(url) > len(read) and not (parts.path or parts.query or parts.fragment):
        return None  # who knows how long the user is
    if parts.scheme and not parts.netloc:
        return re.split(r"[?#]", read, maxsplit=1)[0]  # no address: what looks like a scheme may be a name
    origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if host and parts.netloc else ""
    return origin + (parts.path or "/")


def publishable(word: str) -> str:
    """Return `word`, without its query if it is an address."""
    return without_query(word, host=True) or "?" if word.startswith(ADDRESS) else word
