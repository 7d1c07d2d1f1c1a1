"""Which addresses lead to Sentry's own pages: what an alert names is linked only if it is one of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from booty.observability.text.untrusted import line

CLOUD = "sentry.io"
"""Every organisation and region of it has a subdomain of its own."""
REMEMBERED, SHORT = 500, 200
"""Addresses, and their characters."""
PORTS = {"https": 443, "http": 80}
# Nothing in it that Markdown reads.
PAGE = re.compile(
    r"(?P<page>(?P<scheme>https?)://(?P<host>[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?)(?::(?P<port>\d{1,5}))?"
    r"(?:/[\w.~-]{1,100}){1,12}/?)(?P<query>\?[\w=&.%~-]*)?",
    re.ASCII,
)
NUMBER = re.compile(r"/\d{1,20}(?![^/])", re.ASCII)
INCIDENT = re.compile(r"(?<=[?&])alert=\d{1,20}(?![^&])")  # what narrows a metric alert's page to this very alert


@lru_cache(REMEMBERED)
def _is_harmless(page: str) -> bool:
    """Return whether nothing in an address would have to be redacted; those of one project differ in numbers alone."""
    return line(page, limit=len(page)) == page


@dataclass(frozen=True, slots=True)
class SentryPages:
    """The pages of the Sentry at `url`, which is `SENTRY_URL`."""

    url: str = f"https://{CLOUD}"

    def link(self, address: str) -> str | None:
        """Return where to link for `address`; None when it is not a plain address of that Sentry or of a subdomain."""
        return (_remembered if len(address) <= SHORT else _link)(self.url, address)


def _link(url: str, address: str) -> str | None:
    found = PAGE.fullmatch(address)
    if not found or not _is_own(url, found) or not _is_harmless(NUMBER.sub("/0", found["page"])):
        return None
    incident = INCIDENT.search(found["query"] or "")
    return found["page"] + (f"?{incident[0]}" if incident else "")


_remembered = lru_cache(REMEMBERED)(_link)


def _is_own(url: str, found: re.Match[str]) -> bool:
    own = urlsplit(url)
    host = (own.hostname or "").removesuffix(".")
    host = CLOUD if host.endswith(f".{CLOUD}") else host
    port = int(found["port"] or PORTS[found["scheme"]])
    return (
        found["scheme"] in {"https", own.scheme}
        and (found["host"] == host or found["host"].endswith(f".{host}"))
        and port == (own.port or PORTS[own.scheme])
    )
