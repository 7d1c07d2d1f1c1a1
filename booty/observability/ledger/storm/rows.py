"""The rows of a digest: `row<mark>/<digest>/<rank>/<name>`, in the order in which they are shown.

A row holds what it shows of the problem, no more; how often the problem was seen is in its history.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.keeping.value import Unreadable
from booty.observability.alerts.stack.frames import crash_frame, crash_stack
from booty.observability.alerts.storm.digest import MOST_ROWS, Row
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import HISTORY, Record, shaped
from booty.observability.ledger.problems.counting import level
from booty.observability.ledger.repositories.names import mark_in
from booty.observability.ledger.schedule.ranks import rank_of, real

ROW = "row"
AT_ONCE = 50
SHOWN = frozenset({"fingerprint", "event", "severity", "kind", "project", "title", "detected", "category", "culprit"})
NOT_SHOWN: dict[str, Any] = {
    **dict.fromkeys(("before", "after", "locals"), ()),
    **dict.fromkeys(("source", "address", "package")),
}


def put(shelf: Shelf, name: str, history: Record, alert: Alert, *, digest: str) -> Record:
    """Put the problem's row into the digest, or move it; return its history, which knows the row."""
    before = history.get("row")
    place = f"{digest}/{rank_of(history, {})}"
    if before != place:
        shelf.pop(f"{_rows(name)}{before}/{name}", None)
    shelf[f"{_rows(name)}{place}/{name}"] = shown_of(alert).record()
    return history | {"row": place}


def shown_of(alert: Alert) -> Alert:
    """Return as much of the alert as a row shows: what it is about, with the frame that crashed."""
    frame = crash_frame(crash_stack(alert))
    slim = frame and frame.but(**NOT_SHOWN)
    frames = (slim,) if slim else ()
    kind = next((raised for raised in alert.raised if raised.type), None)
    raised = (kind.but(message=None, frames=frames),) if kind else ()
    fields = {field: getattr(alert, field) for field in (*SHOWN, "sentry_url", "rule")}
    return Alert(**fields, raised=raised, stack=() if raised else frames)


def first_rows(shelf: Shelf, key: str, digest: str) -> tuple[Row, ...]:
    """Return the rows that are shown of the digest in the repository of `key`, the worst and most frequent first."""
    keys = list(islice(shelf.under(f"{_rows(key)}{digest}/"), MOST_ROWS))
    names = [each.split("/", 3)[3] for each in keys]
    found = shelf.many([*keys, *(f"alert/{name}" for name in names)])  # together: each alone may cross a network
    rows = (_row(found.get(each), found.get(f"alert/{name}")) for each, name in zip(keys, names, strict=True))
    return tuple(row for row in rows if row is not None)


def _row(stored: object, known: object) -> Row | None:
    history = shaped(known, HISTORY)
    try:
        alert = Alert.read(stored)
    except Unreadable:
        return None
    worst = level(history.get("worst"))
    return Row(
        alert if worst is None else alert.but(severity=worst),
        count=history.get("count", 1),
        first_seen=real(history.get("first_seen")),
        last_seen=real(history.get("last_seen")),
        issue=history.get("issue"),
    )


def sweep(shelf: Shelf, key: str, digest: str, *, is_over: bool) -> None:
    """Drop, some at a time, the rows of earlier digests, and of one that is over those that are not shown."""
    past = list(islice(_past(shelf, key, digest), AT_ONCE))
    unseen = islice(shelf.under(f"{_rows(key)}{digest}/"), MOST_ROWS, MOST_ROWS + AT_ONCE) if is_over else ()
    gone = [*past, *unseen]
    shelf.many(gone, having=())
    for each in gone:
        shelf.pop(each, None)


def _past(shelf: Shelf, key: str, digest: str) -> Iterator[str]:
    return shelf.under(_rows(key), until=digest)


def _rows(name: str) -> str:
    return f"{ROW}{mark_in(name)}/"
