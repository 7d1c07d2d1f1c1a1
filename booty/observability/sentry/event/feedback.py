"""What a user wrote in a feedback, without who they are.

Their name and address can stand in any text of the event, such as a breadcrumb or the signature of what they wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from booty.observability.alerts import limits
from booty.observability.alerts.alert import Alert
from booty.observability.alerts.keeping.fields import PLAIN
from booty.observability.alerts.limits import cut
from booty.observability.sentry.event.measurements import Row
from booty.observability.sentry.schema.event import SentEvent
from booty.observability.sentry.schema.occurrence import SentEvidenceData, SentFeedback, SentOccurrence
from booty.observability.sentry.schema.surroundings import SentUser
from booty.observability.text.addresses import publishable

CATEGORY = "feedback"
MASK = "[sender]"
NAMED = re.compile(
    r"(?:contact[_ ]?)?e?-?mail|(?:user[_ ]?|full[_ ]?|contact[_ ]?)?name|user|from|sender", re.IGNORECASE
)
"""How a field that says who it was is named."""
SHORTEST_NAME = 3
"""Characters of a name that is looked for in other texts; less than that is in every text."""
PART = re.compile(r"[^\W\d_][\w'\u2019-]+")
"""One of the names of a person, by which they may sign; it is looked for as it is written, for it can be a word too."""
MOST_NAMES = 10
MOST_PARTS = 5
UNTOLD = frozenset({"associated_event_id", "is_spam", "source"})
KEPT = PLAIN | {"category", "detected", "release", "environment", "sentry_url"}
"""Fields in which a name can stand by accident only."""


def words(event: SentEvent) -> tuple[str | None, list[Row]]:
    """Return what the user wrote, and further details such as the page it was written on."""
    found, told = event.occurrence or SentOccurrence(), told_by(event)
    shown = [(row.name, row.value) for row in found.shown if row.name not in UNTOLD and not _is_sender(row.name)]
    said = told.message or dict(shown).get("message") or found.subtitle
    return said, [("Page", publishable(told.url) if told.url else None), *shown]


def is_one(event: SentEvent) -> bool:
    """Return whether an event without a number for its kind is a feedback; an exception is not."""
    data = event.occurrence.data if event.occurrence else None
    told = event.contexts.feedback if event.contexts else None
    is_told = (told is not None and told != SentFeedback()) or (data is not None and data.contact_email is not None)
    return is_told and not event.exceptions


def told_by(event: SentEvent) -> SentFeedback:
    """Return the feedback itself."""
    return (event.contexts and event.contexts.feedback) or SentFeedback()


def without_sender(alert: Alert, event: SentEvent) -> Alert:
    """Return the alert of a feedback without the name and the address of who gave it, in whatever text they stand."""
    names = {cut(each, limits.NAME) or "" for each in islice(_names(event), MOST_NAMES)}
    longest_first = sorted(
        filter(lambda name: len(name) >= SHORTEST_NAME, map(str.strip, names)), key=len, reverse=True
    )
    record = alert.record()
    record["tags"] = [pair for pair in record.get("tags", ()) if not _is_sender(pair[0])]
    if longest_first:
        whole = "|".join(map(re.escape, longest_first))
        parts = "|".join(re.escape(part) for name in longest_first for part in _parts(name))
        known = re.compile(rf"(?<!\w)(?:(?i:{whole}){f'|{parts}' if parts else ''})(?!\w)")
        record = _masked(record, known)
    return Alert.read(record)


def _names(event: SentEvent) -> Iterator[str | None]:
    found, told = event.occurrence or SentOccurrence(), told_by(event)
    data, user = found.data or SentEvidenceData(), event.user or SentUser()
    yield from (told.contact_email, told.name, data.contact_email, data.name)
    yield from (user.email, user.name, user.username)
    yield from (row.value for row in found.shown if _is_sender(row.name))
    yield from (value for name, value in event.tags if _is_sender(name.rpartition(".")[2]))


def _parts(name: str) -> list[str]:
    """Return the capitalised words of a person's name of several words."""
    words = name.split()
    is_of_several = 1 < len(words) <= MOST_PARTS
    return [word for word in words if PART.fullmatch(word) and word[0].isupper()] if is_of_several else []


def _is_sender(name: str | None) -> bool:
    return NAMED.fullmatch((name or "").strip()) is not None


def _masked(value: Any, known: re.Pattern[str]) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return known.sub(MASK, value)
    if isinstance(value, list):
        return [_masked(each, known) for each in value]
    if isinstance(value, dict):
        return {name: each if name in KEPT else _masked(each, known) for name, each in value.items()}
    return value
