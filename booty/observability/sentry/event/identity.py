"""Which problem it is, which occurrence of it, in which project.

The fingerprint is Sentry's own grouping, the issue. The event's `fingerprint` list is never read: it says
`{{ default }}` for nearly every error, and where it says more, Sentry has grouped by it already.
"""

from __future__ import annotations

import re
from hashlib import sha256

from booty.observability.alerts import limits
from booty.observability.alerts.limits import cut
from booty.observability.sentry.event.pages import PROJECT_URL, address
from booty.observability.sentry.schema.body import SentIssue
from booty.observability.sentry.schema.event import SentEvent
from booty.observability.sentry.schema.metric import SentMetricAlert
from booty.observability.text.untrusted import clean

UNKNOWN = "unknown"
LONGEST_ID = 400
"""Characters of an id that are looked at for one that can be seen."""
# Sentry's ids are numbers and hex. A name that stays as it is becomes part of the marker, and has no room for a token.
PLAIN = re.compile(r"[0-9a-f]{1,60}|[A-Za-z0-9_.]{1,18}")
# What programs write where they have no id: problems without one would share it.
NAMELESS = frozenset({"nan", "inf", "-inf", "infinity", "-infinity", "null", "none", "nil", "undefined"})
HASHED = "h."
EVENT_ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
ISSUE_URL = re.compile(r"/([0-9]+)(?=[/?#]|$)")
LINKED_ISSUE = re.compile(r"/issues/([0-9]{1,20})(?=[/?#]|$)")
SHORT_ID = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,63}-[0-9A-Z]{1,13}", re.ASCII)
METRIC_ISSUE = 8001
"""Sentry's type of an occurrence that a metric's rule raised."""


def fingerprint(event: SentEvent) -> str | None:
    """Return `<project>:<issue>`, None when nothing tells which problem this is."""
    issue = _words(event.issue_id) or _issue_in(event.issue_url) or next(filter(None, map(_words, event.hashes)), None)
    return _grouped(_words(event.project) or _slug(event), issue)


def issue_fingerprint(issue: SentIssue) -> str | None:
    """Return the fingerprint that the events of `issue` have."""
    return _grouped(_words(issue.project), _words(issue.id))


def _grouped(project: str | None, issue: str | None) -> str | None:
    return f"{_key(project or UNKNOWN)}:{_key(issue)}" if issue else None


def metric_fingerprint(metric: SentMetricAlert) -> str | None:
    """Return `metric:<rule>`, whichever firing of the rule it is; without a rule `metric:unknown:<firing>`."""
    rule, alert = _words(metric.rule_id), _words(metric.id)
    if rule:
        return f"metric:{_key(rule)}"
    return f"metric:{UNKNOWN}:{_key(alert)}" if alert else None


def metric_aliases(metric: SentMetricAlert, web_url: str | None) -> tuple[str, ...]:
    """Return the other names of a metric alert's problem: Sentry's issue that it links, and the rule's detector."""
    page = LINKED_ISSUE.search(address(web_url))
    return (*issue_aliases(page[1] if page else None), *_rules(metric.detector_id))


def event_aliases(event: SentEvent) -> tuple[str, ...]:
    """Return the other names of an event's problem: none, unless it is that of a metric's rule."""
    found = event.occurrence
    if found is None or found.type != METRIC_ISSUE:
        return ()
    issue = _words(event.issue_id) or _issue_in(event.issue_url)
    rules = (found.data.alert_id, found.data.detector_id) if found.data else ()
    return (*issue_aliases(issue), *(name for rule in rules for name in _rules(rule)))


def issue_aliases(issue: str | None) -> tuple[str, ...]:
    """Return the name of a problem by Sentry's issue alone: a metric alert does not say the project's number."""
    given = _words(issue)
    return (f"issue:{_key(given)}",) if given else ()


def _rules(rule: str | None) -> tuple[str, ...]:
    given = _words(rule)
    return (f"metric:{_key(given)}",) if given else ()


def short_id(text: str | None) -> str | None:
    """Return a problem's name for people, such as `SHOP-4F`, None when it has not that form."""
    return text if text is not None and SHORT_ID.fullmatch(text) else None


def occurrence(event: SentEvent, body: bytes) -> str:
    """Return the id of this very event, else one made from the body: a body that comes twice has the same one."""
    given = _words(event.event_id)
    if given is None:
        return body_id(body)
    key = _key(given)  # nearly always the id as it is
    return given.replace("-", "").lower() if key != given and EVENT_ID.fullmatch(given) else key


def body_id(body: bytes) -> str:
    """Return an id of 32 hex digits for a body that brings none."""
    return sha256(body).hexdigest()[:32]


def project(event: SentEvent) -> str | None:
    """Return the project's slug, which only the URL of the event has, else its number."""
    return _slug(event) or cut(_words(event.project), limits.NAME)


def _slug(event: SentEvent) -> str | None:
    found = PROJECT_URL.search(address(event.url))
    return _seen(cut(found["project"], limits.NAME)) if found else None


def _issue_in(url: str | None) -> str | None:
    numbers = ISSUE_URL.findall(address(url))
    return numbers[-1] if numbers else None


def _words(text: str | None) -> str | None:
    """Return an id without the spaces around it, None when nobody could see it or it only says that there is none."""
    given = _seen(text)
    return None if given is not None and not given.isdecimal() and given.lower() in NAMELESS else given


def _seen(text: str | None) -> str | None:
    if text and text.isascii() and text.isalnum():  # nearly every one
        return text
    seen = clean((text or "")[:LONGEST_ID])
    return (text or "").strip() if any(each.isprintable() and each != " " for each in seen) else None


def _key(text: str) -> str:
    """Return `text` if it is a number, hex or a short plain name, else a hash: two texts never share a key."""
    if PLAIN.fullmatch(text) and not text.startswith(HASHED):
        return text
    return HASHED + sha256(text.encode()).hexdigest()[:32]
