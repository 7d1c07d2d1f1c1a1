"""Answers of Sentry's web API, put into the shape of a webhook, so that one parser reads both."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from msgspec.json import encode

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.listed_problem import ListedProblem
from booty.observability.sentry.payload import parse
from booty.observability.sentry.resources import InvalidPayload
from booty.observability.sentry.schema.listed import SentListedIssue
from booty.observability.sentry.schema.reading.fitting import members
from booty.observability.sentry.schema.reading.repair import NotAnObject

OPEN = frozenset({None, "unresolved"})
REGRESSED = "regressed"
NUMBER = re.compile(r"[0-9]{1,20}", re.ASCII)
UNSAID = frozenset({b"", b"null", b'""', b"0", b"[]", b"{}", b"false"})
"""JSON that says nothing."""
SLUG = re.compile(r"[A-Za-z0-9_-]{1,100}", re.ASCII)
TYPES = {"performance": 1001, "cron": 4001, "replay": 5002, "feedback": 6001, "uptime": 7001, "metric": 8001}
"""A type of each category of Sentry's problems that are no errors, as an event would name it."""


def listed_problem(row: SentListedIssue, organization: str, base_url: str) -> ListedProblem | None:
    """Return the problem of a row; None of one that is not open, or that nothing identifies."""
    first, last = _seconds(row.first_seen), _seconds(row.last_seen)
    if row.status not in OPEN or not NUMBER.fullmatch(row.id or "") or row.project is None:
        return None
    slug = row.slug if SLUG.fullmatch(row.slug or "") else None
    page = {"url": f"{base_url}/api/0/projects/{organization}/{slug}/events/"} if slug else {}
    alert = _parsed(_event_in(row) | page, is_regression=row.substatus == REGRESSED)
    found = alert.but(lacks_event=True)
    number, known = row.id or "", [each for each in (first, last) if each is not None]
    return ListedProblem(number, slug, found, min(known, default=0.0), max(known, default=0.0))


def event_of(body: bytes, problem: ListedProblem, *, with_locals: bool) -> Alert:
    """Return the alert of the event in `body`, as the last one of `problem`. Raises `InvalidPayload`, `NotHandled`."""
    try:
        event = members(body)
    except NotAnObject:
        raise InvalidPayload(("data.event",)) from None
    known = {"project": problem.project, "web_url": problem.alert.sentry_url}
    unsaid = {name: value for name, value in known.items() if bytes(event.get(name, b"")) in UNSAID}
    links = {"issue_id": problem.number, **unsaid}
    alert = _parsed({**event, **links}, is_regression=problem.is_back, with_locals=with_locals)
    same = {
        "fingerprint": problem.alert.fingerprint,
        "project": alert.project if problem.slug is None else problem.slug,
    }
    return alert.but(**same)


def _parsed(event: Mapping[str, object], *, is_regression: bool, with_locals: bool = False) -> Alert:
    body = encode({"action": "triggered", "data": {"event": event}})
    alert = parse(body, "event_alert", with_locals=with_locals)
    return alert.but(is_reconciled=True, is_regression=is_regression)


def _event_in(row: SentListedIssue) -> dict[str, object]:
    """Return as much of an event as a row holds."""
    frame = {"filename": row.filename, "function": row.function, "in_app": True}
    stack = {"stacktrace": {"frames": [frame]}} if row.filename or row.function else {}
    thrown = {"exception": {"values": [{"type": row.type, "value": row.value, **stack}]}} if row.type else {}
    kind = TYPES.get(row.category or "")
    found = {"occurrence": {"type": kind, "issueTitle": row.title, "culprit": row.culprit}} if kind else thrown
    return {
        "issue_id": row.id,
        "project": row.project,
        "title": row.title,
        "culprit": row.culprit,
        "level": row.level,
        "datetime": row.last_seen,
        "web_url": row.permalink,
        **found,
    }


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()
