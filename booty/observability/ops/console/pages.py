"""Which addresses lead to Sentry's pages, as far as it is set."""

from __future__ import annotations

from urllib.parse import urlsplit

from booty.observability.alerts.sentry_pages import SentryPages


def pages(url: str) -> SentryPages:
    """Return which pages of Sentry are linked; those of sentry.io when the setting is wrong."""
    try:
        is_address = urlsplit(url).scheme in {"https", "http"} and urlsplit(url).port != 0
    except ValueError:
        is_address = False
    return SentryPages(url) if is_address else SentryPages()
