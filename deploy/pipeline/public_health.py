"""The release that the public address serves, seen from outside as Sentry sees it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from urllib.error import HTTPError

from deploy.pipeline.release import name_of, read_name
from deploy.pipeline.web_request import UNREADABLE, send

SERVER_NAME = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?")
SCHEMES = ("https", "http")
TIMEOUT_SECONDS = 5
LARGEST_BYTES = 65_536
AGREEING = 3
"""Answers in a row: one alone may come from an old process that is just draining."""
PAUSE_SECONDS = 0.2


class NotKnown(Exception):
    """The public address named no release; the message says what it did instead."""


def health_url(environment: Mapping[str, str]) -> str:
    """Return `<HEALTH_SCHEME>://<SERVER_NAME>/health`, https by default; raises `NotKnown`."""
    name, scheme = environment.get("SERVER_NAME", ""), environment.get("HEALTH_SCHEME") or "https"
    if not name:
        raise NotKnown("the variable SERVER_NAME is not set")
    if not SERVER_NAME.fullmatch(name) or scheme not in SCHEMES:
        raise NotKnown("SERVER_NAME must be a host name, with a port if need be, and HEALTH_SCHEME https or http")
    return f"{scheme}://{name}/health"


def served_release(url: str) -> str:
    """Return the SHA that `url` says it serves; raises `NotKnown`. Redirects are not followed."""
    try:
        with send(url, timeout_seconds=TIMEOUT_SECONDS) as response:
            answer = json.loads(response.read(LARGEST_BYTES))
    except UNREADABLE as problem:
        if isinstance(problem, HTTPError):
            problem.close()
        raise NotKnown(f"{url}: {problem}") from problem
    sha = read_name(answer.get("release")) if isinstance(answer, dict) else None
    if sha is None:
        raise NotKnown(f"{url} names no release of the form booty@<40 hex digits>")
    return sha


def wait_until(accepts: Callable[[str], bool], *, url: str, patience_seconds: float) -> str:
    """Return the SHA served once `AGREEING` answers in a row name the same one that `accepts` takes.

    Raises `NotKnown` after `patience_seconds`, with what was seen last.
    """
    deadline = time.monotonic() + patience_seconds
    agreed: list[str] = []
    while True:
        try:
            sha = served_release(url)
            seen = f"{url} serves {name_of(sha)}"
            agreed = [*agreed, sha] if accepts(sha) and sha in (agreed or [sha]) else []
        except NotKnown as problem:
            seen, agreed = str(problem), []
        if len(agreed) == AGREEING:
            return agreed[0]
        if time.monotonic() > deadline:
            raise NotKnown(seen)
        time.sleep(PAUSE_SECONDS)
