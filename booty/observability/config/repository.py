"""The repository that gets the issues, checked against the API that is called.

The token goes to the API: an address on another host must never be cut down to `owner/name` and looked up there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from booty.observability.config_errors import Fault

HOST = r"[A-Za-z0-9.-]+"
REPOSITORY = re.compile(
    rf"(?:https://(?P<web>{HOST}(?::\d{{1,5}})?)/|(?:ssh://)?git@(?P<ssh>{HOST})(?::\d{{1,5}}(?=/))?[:/])?"
    r"(?P<owner>[A-Za-z0-9][A-Za-z0-9-]{0,38})/(?P<repository>[A-Za-z0-9._-]{1,100}?)(?:\.git)?/?"
)
GITHUB, GITHUB_API = "github.com", "https://api.github.com"
ALIASES = {"www.github.com": GITHUB, "ssh.github.com": GITHUB}
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class NamedRepository:
    """A repository as it was written: `owner/name`, and the host with its port, None when none was written."""

    name: str
    host: str | None


def read_repository(text: str) -> NamedRepository | None:
    """Read an address or `owner/name`; None when it names no repository."""
    match = REPOSITORY.fullmatch(text)
    if match is None or match["repository"] in {".", "..", ".git"}:
        return None
    host = (match["web"] or match["ssh"] or "").lower()
    return NamedRepository(f"{match['owner']}/{match['repository']}", ALIASES.get(host, host) or None)


def web_host(api_url: str) -> str:
    """Return the host of the pages for people: github.com, a ghe.com of one's own, or a GitHub Enterprise Server.

    An API on loopback is taken for a stand-in for github.com's.
    """
    api = urlsplit(api_url)
    own = api.netloc if api.path.strip("/") else api.netloc.removeprefix("api.")
    return GITHUB if is_loopback(api_url) else own


def is_loopback(api_url: str) -> bool:
    """Return whether an API is on this machine."""
    return urlsplit(api_url).hostname in LOOPBACK


def misfit(text: str, api_url: str) -> Fault | None:
    """Return what is wrong when the repository's host is not the API's, with the line that puts it right.

    What is wrong with either of them alone is reported elsewhere.
    """
    target = read_repository(text)
    try:
        if target is None or target.host is None or is_loopback(api_url):
            return None
        pages = web_host(api_url).lower()
    except ValueError:
        return None
    if not pages or "@" in pages or _without_port(target.host) == _without_port(pages):
        return None
    problem = f"is on {target.host}, but GITHUB_API_URL is the API of {pages}"
    return Fault("TARGET_REPO_URL", problem, _line_for(target.host))


def _without_port(host: str) -> str:
    return host.partition(":")[0]


def _line_for(host: str) -> str:
    if host == GITHUB:
        return "remove GITHUB_API_URL, or add the line GITHUB_API_URL=https://api.github.com"
    if host.endswith(".ghe.com"):
        return f"add the line GITHUB_API_URL=https://api.{host}"
    return (
        f"for a GitHub Enterprise Server, add the line GITHUB_API_URL=https://{host}/api/v3; other forges do not work"
    )
