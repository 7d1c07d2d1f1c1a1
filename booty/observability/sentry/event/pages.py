"""The pages of a problem in Sentry, whatever host they are of: whether to link one is decided where it is rendered."""

from __future__ import annotations

import re
from functools import lru_cache

from booty.observability.sentry.schema.event import SentEvent
from booty.observability.text.addresses import MOST_OF_URL

PROJECT_URL = re.compile(r"/api/0/projects/(?P<org>[^/?#]+)/(?P<project>[^/?#]+)/")
HOST = r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]{1,5})?"
SLUG = r"[A-Za-z0-9_-]+"
ISSUE_PAGE = re.compile(rf"{HOST}(?:/{SLUG}){{0,4}}/issues/[0-9]+(?=[/?#]|$)")
METRIC_PAGE = re.compile(rf"{HOST}(?:/{SLUG}){{1,8}}/?(?:\?alert=[0-9]+)?")
ADDRESS = re.compile(r"https?://[!-~]+")
API_ISSUE = re.compile(rf"(?P<host>{HOST})/api/0/(?:organizations/(?P<org>{SLUG})/)?issues/(?P<issue>[0-9]+)/?")


def issue_page(event: SentEvent) -> str | None:
    """Return the address of the issue's page.

    That of the event inside it is broken for some organizations, so it is cut off
    (https://github.com/getsentry/sentry/issues/118824).
    """
    return _issue_page(address(event.web_url)) or _page_of(event) or page(event.web_url)


@lru_cache(32)  # of a storm all alerts have the same
def _issue_page(url: str) -> str | None:
    found = ISSUE_PAGE.match(url)
    return f"{found[0]}/" if found else None


def _page_of(event: SentEvent) -> str | None:
    """Return the page that belongs to the issue's address in Sentry's API."""
    if not (found := API_ISSUE.match(address(event.issue_url))):
        return None
    named = PROJECT_URL.search(address(event.url))
    org = found["org"] or (named["org"] if named and re.fullmatch(SLUG, named["org"]) else None)
    return f"{found['host']}/organizations/{org}/issues/{found['issue']}/" if org else None


def metric_page(url: str | None) -> str | None:
    """Return the address of a metric alert's page, whatever host it is of."""
    found = METRIC_PAGE.match(address(url))
    return found[0] if found else page(url)


def page(url: str | None) -> str | None:
    """Return an address of any form, if it is one."""
    found = ADDRESS.fullmatch(address(url))
    return found[0] if found else None


def address(url: str | None) -> str:
    """Return `url` where it can be one of Sentry's, which are short."""
    return url if url and len(url) <= MOST_OF_URL else ""
