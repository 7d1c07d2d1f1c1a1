"""Alerts that the issue does not show yet: they cooled down, or came while it was muted; owed once it may show them.

Of such alerts one is kept in mind, in short form. What they say together is in the history: the releases, the worst
level, the count. Every function works on the shelf of one transaction; the package's docstring names the keys.
"""

from __future__ import annotations

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import MOST_EXCEPTIONS, happened_at, is_after
from booty.observability.alerts.occurrence import Occurrence
from booty.observability.alerts.problem import Problem
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import HELD, HISTORY, TOLD, Record, shaped
from booty.observability.ledger.problems.counting import is_new_release, level
from booty.observability.ledger.problems.sightings import first_seen
from booty.observability.ledger.problems.standing import standing_in
from booty.observability.ledger.schedule.due import owe

FOUND = ("is_reconciled", "is_regression")
"""What is known of an alert that was found by asking Sentry."""


def keep_in_mind(record: Record, alert: Occurrence, now: float, *, line: int) -> Record:
    """Return the `record` from before `alert` was counted, with the alert kept in mind if it may matter later.

    One of a release that the problem was seen in adds nothing after a closing, and one that comes late adds nothing to
    a later one. `line` is the journal's about it.
    """
    happened = happened_at(alert, now)
    is_telling = alert.is_regression or not alert.release or is_new_release(record, alert.release)
    short = _short(alert, happened=happened, seen_before=record.get("last_seen", now))
    short |= {"is_telling": is_telling, "line": line}
    before = shaped(record.get("held"), HELD)
    is_late = before.get("is_telling", True) and happened < before.get("happened_at", 0.0)
    return _keeping(record, short, is_kept="event" in before and (is_late or not is_telling))


def _keeping(record: Record, short: Record, *, is_kept: bool) -> Record:
    """Return the record with an alert in `short` form kept in mind, or the one before when that `is_kept`.

    That something came while the issue was muted is remembered with either.
    """
    before = shaped(record.get("held"), HELD)
    is_muted = standing_in(record).is_muted or (is_kept and before.get("is_muted", False))
    return record | {"held": (before if is_kept else short) | {"is_muted": is_muted}}


def after_delivery(  # noqa: PLR0913 - what is known of the delivery, by names
    record: Record, alert: Alert, problem: Problem, *, is_shown: bool, doubtful_since: float | None = None, now: float
) -> Record:
    """Return the record after `alert` was delivered.

    `is_shown`: the issue shows all that `problem` knew; otherwise the alert is kept in mind. `doubtful_since` (unix
    seconds): an attempt from then may have shown it all the same, before the issue was muted.
    """
    if not is_shown:
        happened, before = record.get("happened_at", now), record.get("seen_before", now)
        short = _short(alert, happened=happened, seen_before=before) | {"attempted_at": doubtful_since}
        return _keeping(record, short, is_kept="event" in shaped(record.get("held"), HELD))
    known = {"count": problem.count, "releases": list(problem.releases)}
    severity = {"severity": problem.worst.value} if problem.worst else {}
    rest = {name: value for name, value in record.items() if name not in {"is_awaited", "is_back"}}
    if shaped(rest.get("held"), HELD).get("event") == problem.held:
        rest.pop("held", None)
    return rest | {"told": known | severity}


def _short(alert: Occurrence, *, happened: float, seen_before: float) -> Record:
    return {
        "event": alert.event,
        "kind": alert.kind,
        "severity": alert.severity.value,
        "release": alert.release,
        "environment": alert.environment,
        "happened_at": happened,
        "seen_before": seen_before,
        **{name: True for name in FOUND if getattr(alert, name)},
    }


def owe_unreported(shelf: Shelf, fingerprint: str, now: float) -> None:
    """Owe the alert that was kept in mind, if the issue should show it as it now stands."""
    record = shaped(shelf.get(f"alert/{fingerprint}"), HISTORY)
    kept = shaped(record.get("held"), HELD)
    if record.get("state") not in {"filed", "refused"} or "issue" not in record or "event" not in kept:
        return
    if not _is_due(shelf, record, kept):
        return
    alert = {
        "fingerprint": fingerprint,
        "event": kept["event"],
        "kind": kept.get("kind", "event"),
        "severity": kept.get("severity", "error"),
        "release": kept.get("release"),
        "environment": kept.get("environment"),
        "occurred_at": kept.get("happened_at"),
        "is_brief": True,
        **{name: True for name in FOUND if kept.get(name)},
    }
    doubt = {"attempted_at": kept["attempted_at"]} if kept.get("attempted_at") else {}
    owe(shelf, fingerprint, {"alert": alert} | doubt, due_at=now)
    shelf.pop(f"refused/{fingerprint}", None)
    shelf[f"alert/{fingerprint}"] = record | {
        "state": "owed",
        "event": kept["event"],
        "happened_at": kept.get("happened_at", now),
        "seen_before": kept.get("seen_before", now),
        "exceptions": record.get("exceptions", 0) + 1,
        **({"is_back": True} if kept.get("is_regression") else {}),
        **({"line": kept["line"]} if "line" in kept else {}),
    }


def _is_due(shelf: Shelf, record: Record, kept: Record) -> bool:
    """Return whether the issue is open but does not show it, or was closed before what was kept in mind happened."""
    standing, shown = standing_in(record), shaped(record.get("told"), TOLD)
    if standing.is_muted:
        return False
    if standing.closed_at is not None:
        release = kept.get("release")
        seen_at = first_seen(shelf, release) if release and not kept.get("is_regression") else None
        return is_after(standing.closed_at, happened=kept.get("happened_at", 0.0), release_seen_at=seen_at)
    if kept.get("is_muted"):
        return True
    worst, level_shown = level(record.get("worst")), level(shown.get("severity"))
    if worst is not None and level_shown is not None and not level_shown.is_at_least(worst):
        return True
    new = set(record.get("releases", {})) - set(shown.get("releases", ()))
    return bool(new and shown.get("releases")) and record.get("exceptions", 0) < MOST_EXCEPTIONS
