"""How an event calls itself: its severity, title, message, release, environment.

Each has several places in Sentry's shape; the first one that says something counts.
"""

from __future__ import annotations

from collections.abc import Iterable

from booty.observability.alerts import limits
from booty.observability.alerts.keeping.safe import identifier
from booty.observability.alerts.limits import cut
from booty.observability.alerts.severity import Severity
from booty.observability.sentry.event import occurrence
from booty.observability.sentry.schema.event import SentEvent

LEVELS = {level.value: level for level in Severity} | {
    "critical": Severity.FATAL,
    "err": Severity.ERROR,
    "warn": Severity.WARNING,
    "log": Severity.INFO,
    "notice": Severity.INFO,
    "trace": Severity.DEBUG,
    "sample": Severity.DEBUG,  # Sentry's name for logging.NOTSET
}
REPORTS = {
    "csp": "CSP violation",
    "hpkp": "HPKP failure",
    "expectct": "Expect-CT failure",
    "expectstaple": "Expect-Staple failure",
    "nel": "network error",
}
"""What browsers report by themselves, by Sentry's name for the type of event."""
NO_CULPRIT = frozenset({"?", "<anonymous>", "?(<anonymous>)", "<unknown>"})
"""What Sentry blames where nobody knows better."""
HANDLED = {"yes": True, "true": True, "no": False, "false": False}
LOGGING_LEVELS = (
    (50, Severity.FATAL),
    (40, Severity.ERROR),
    (30, Severity.WARNING),
    (20, Severity.INFO),
    (10, Severity.DEBUG),
)
"""The numbers of Python's logging, least first of each; a level between two counts as the lower one."""


def severity(event: SentEvent) -> Severity:
    """Return the first level that is one; what nobody understands is an error, never too low to be filed."""
    named = _level(event.level) or _level(_tag(event, "level"))
    return named or (event.occurrence and _level(event.occurrence.level)) or Severity.ERROR


def _level(name: str | None) -> Severity | None:
    name = (name or "").strip().lower()
    if name.isdecimal() and len(name) < len("1000"):
        return next((level for least, level in LOGGING_LEVELS if int(name) >= least), None)
    return LEVELS.get(name)


def title(event: SentEvent) -> str | None:
    """Return Sentry's title, else the name and value of the exception that was raised, else the message."""
    if told := cut(event.title, limits.TITLE):
        return told
    last = event.exceptions[-1] if event.exceptions else None
    thrown = ": ".join(word for word in (last.type, last.value) if word) if last else None
    detected = event.occurrence.title if event.occurrence else None
    return _first((detected, event.metadata.title if event.metadata else None, thrown, message(event)), limits.TITLE)


def message(event: SentEvent) -> str | None:
    """Return the message with its parameters filled in, else as it was logged; not what an occurrence says."""
    logged = (event.logentry.formatted, event.logentry.message) if event.logentry else ()
    return _first((*logged, event.message), limits.MESSAGE)


def detected(event: SentEvent) -> str | None:
    """Name what a detector of Sentry found, such as a missed check-in, or what a browser reported by itself."""
    return occurrence.detected(event) or REPORTS.get(event.type or "")


def culprit(event: SentEvent) -> str | None:
    """Return what Sentry blames, else the logger: of a logged message without a stack it is all that says where."""
    if occurrence.category(event) != "error":
        return occurrence.culprit(event)
    return _first((None if event.culprit in NO_CULPRIT else event.culprit, event.logger), limits.TITLE)


def is_handled(event: SentEvent) -> bool | None:
    """Return whether the program caught what was raised, by the exception's own mechanism, else by Sentry's tag."""
    marks = (each.mechanism.handled for each in reversed(event.exceptions) if each.mechanism)
    mark = next((each for each in marks if each is not None), None)
    return HANDLED.get((_tag(event, "handled") or "").lower()) if mark is None else mark


def release(event: SentEvent) -> str | None:
    """Return the release as the SDK named it, such as `booty@<sha>`."""
    named = cut(event.release, limits.TITLE) or _first(
        (_tag(event, "release"), _tag(event, "sentry:release")), limits.TITLE
    )
    return identifier(named, "release") if named else None


def environment(event: SentEvent) -> str | None:
    """Return the environment in the customer's own spelling."""
    named = cut(event.environment, limits.NAME) or cut(_tag(event, "environment"), limits.NAME)
    return identifier(named, "environment") if named else None


def _tag(event: SentEvent, name: str) -> str | None:
    return next((value for each, value in event.tags if each == name), None)


def _first(texts: Iterable[str | None], limit: int) -> str | None:
    return next((text for each in texts if (text := cut(each, limit))), None)
