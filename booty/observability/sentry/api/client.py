"""One call to Sentry's web API, once; what its answer means (https://docs.sentry.io/api/)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from booty.observability.exchange import Answer, NoAnswer, fetch

SUCCESS = 2
UNAUTHORIZED, FORBIDDEN, NOT_FOUND = 401, 403, 404
LIMITED = frozenset({408, 429})
SERVER_ERROR = 500
LONGEST_NUMBER = 12
"""Digits; a unix time has ten."""
READ_EVENTS, WRITE_EVENTS, READ_PROJECTS = "Issue & Event: Read", "Issue & Event: Write", "Project: Read"
"""Permissions by the names that the integration's page has for them."""
TOKEN = "set SENTRY_AUTH_TOKEN to the token of the internal integration"  # noqa: S105 - a remedy


class SentryTrouble(Exception):
    """Sentry did not do it; the text has nothing of its answer but the status."""

    def __init__(
        self, reason: str, *, is_permanent: bool, remedy: str | None = None, pause_seconds: float | None = None
    ) -> None:
        """Carry whether another try makes sense, what a person can do, how long Sentry wants to be left alone."""
        super().__init__(reason)
        self.is_permanent = is_permanent
        self.remedy = remedy
        self.pause_seconds = pause_seconds


class Denied(SentryTrouble):
    """The token is not known, or lacks a permission, which `remedy` names."""


class Absent(SentryTrouble):
    """There is no such thing, or this token may not know of it."""


@dataclass(frozen=True, slots=True)
class SentryApi:
    """Sentry at `base_url`, such as https://sentry.io, for the slug of an organization."""

    base_url: str
    organization: str
    token: str = field(repr=False)

    def call(
        self,
        method: str,
        path: str,
        *,
        permission: str,
        params: Mapping[str, object] | None = None,
        content: Mapping[str, object] | None = None,
    ) -> Answer:
        """Return the answer to one call below `/api/0`, a success. Raises `SentryTrouble`.

        `permission` is what the call needs, by its name; `content` is sent as JSON.
        """
        url = f"{self.base_url}/api/0{path}"
        try:
            answer = fetch(method, url, token=self.token, params=params, json=content)
        except NoAnswer as failure:
            raise SentryTrouble(str(failure), is_permanent=False) from None
        if answer.status // 100 != SUCCESS:
            raise _trouble(answer, permission)
        return answer


def _trouble(answer: Answer, permission: str) -> SentryTrouble:
    reason = f"Sentry answered {answer.status}"
    if answer.status == UNAUTHORIZED:
        return Denied(reason, is_permanent=True, remedy=TOKEN)
    if answer.status == FORBIDDEN:
        remedy = f"give the integration of SENTRY_AUTH_TOKEN the permission '{permission}'"
        return Denied(reason, is_permanent=True, remedy=remedy)
    if answer.status == NOT_FOUND:
        return Absent(reason, is_permanent=True, remedy="check SENTRY_ORG and SENTRY_URL")
    is_permanent = answer.status < SERVER_ERROR and answer.status not in LIMITED
    return SentryTrouble(reason, is_permanent=is_permanent, pause_seconds=_pause(answer))


def _pause(answer: Answer) -> float | None:
    """Return for how many seconds the rate is limited, None when nothing says (https://docs.sentry.io/api/ratelimits/)."""
    after, reset = _number(answer.headers.get("Retry-After")), _number(answer.headers.get("X-Sentry-Rate-Limit-Reset"))
    if after is None and reset is not None and answer.status in LIMITED:
        after = max(reset - time.time() + 1, 1)
    return after


def _number(text: str | None) -> float | None:
    return float(text) if text and text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None
