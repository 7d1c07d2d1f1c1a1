"""Where things are: repositories, addresses of the web, the directory of the ledger, the socket of the metrics."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from booty.observability.config import state_directory
from booty.observability.config.bind import Bind, read_bind
from booty.observability.config.repository import GITHUB_API, LOOPBACK, read_repository
from booty.observability.config_errors import Unusable
from booty.observability.text.sealed import Secret

GITHUBS = frozenset({"github.com", "www.github.com", "api.github.com"})


def _repository(text: str) -> str:
    target = read_repository(text)
    if target is None:
        raise Unusable("does not name a repository")
    return target.name


def _sentry_url(text: str) -> str:
    if urlsplit(text).scheme not in {"https", "http"} or not _is_bare(text):
        raise Unusable("is not an address without user, query or fragment")
    return text.rstrip("/")


def _api_url(text: str) -> str:
    url = urlsplit(text)
    is_private = url.scheme == "https" or (url.scheme == "http" and url.hostname in LOOPBACK)
    if not is_private or not _is_bare(text):
        raise Unusable("is not an https address without user, query or fragment")
    if url.hostname in GITHUBS and text.rstrip("/").lower() != GITHUB_API:
        raise Unusable("is an address of GitHub, but not that of its API")
    return text.rstrip("/")


def _is_bare(text: str) -> bool:
    """Return whether an address has a host, and neither user nor query nor fragment, not even an empty one."""
    url = urlsplit(text)
    return _has_host(url) and "@" not in url.netloc and not {"?", "#"} & set(text)


def _heartbeat_url(text: str) -> Secret:
    url = urlsplit(text)
    is_address = url.scheme in {"https", "http"} and _has_host(url)
    if not is_address or url.username or url.fragment or not text.isprintable():
        raise Unusable("is not an address without user or fragment")
    return Secret(text)


def _has_host(url: SplitResult) -> bool:
    return bool(url.hostname) and url.port != 0


def _directory(text: str) -> Path:
    fault = state_directory.fault_of(Path(text))
    if fault is not None:
        raise Unusable(fault)
    return Path(text)


def _bind(text: str) -> Bind:
    try:
        return read_bind(text)
    except ValueError:
        raise Unusable("is neither an address with a port nor unix:/path") from None


Repository = Annotated[str, _repository]
"""Becomes `owner/name`."""
SentryUrl = Annotated[str, _sentry_url]
ApiUrl = Annotated[str, _api_url]
"""Without a slash at its end: GitHub answers 404 to a doubled one."""
HeartbeatUrl = Annotated[Secret, _heartbeat_url]
"""Whoever knows it can say that all is well."""
StateDirectory = Annotated[Path, _directory]
MetricsBind = Annotated[Bind, _bind]
