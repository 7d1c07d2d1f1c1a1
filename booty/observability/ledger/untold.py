"""What came and was not told: an alert that cooled down, or came while its issue was muted, owed once it may be told.

Of such alerts one is kept, in short form. What they say together stands in the history: the releases, the worst level,
the count. Every function works on the shelf of one transaction of the ledger, whose docstring names the keys.
"""

from __future__ import annotations

from booty.observability.alerts.alert import Alert, Occurrence
from booty.observability.alerts.filters import MOST_EXCEPTIONS, happened_at, is_after
from booty.observability.alerts.problem import Problem
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import HELD, HISTORY, TOLD, Record, shaped
from booty.observability.ledger.problems.history import is_new_release, level
from booty.observability.ledger.problems.sightings import first_seen
from booty.observability.ledger.problems.standing import standing_in
from booty.observability.ledger.schedule.due import owe


def held(record: Record, alert: Occurrence, now: float) -> Record:
    """Return the `record` from before `alert` was counted, with the alert kept in mind if it may matter later.

    One of a release that the problem is known of says nothing that a closing would make worth telling, and one that
    comes late nothing beside a later one.
    """
    happened = happened_at(alert, now)
    is_telling = not alert.release or is_new_release(record, alert.release)
    short = _short(alert, happened=happened, seen_before=record.get("last_seen", now)) | {"is_telling": is_telling}
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


def told(  # noqa: PLR0913 - what is known of the delivery, by names
    record: Record, alert: Alert, problem: Problem, *, is_told: bool, doubtful_since: float | None = None, now: float
) -> Record:
    """Return the record after `alert` was delivered: what `problem` knew is told, or else the alert is kept in mind.

    `doubtful_since` (unix seconds): an attempt from then may have told it all the same, before the issue was muted.
    """
    if not is_told:
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
    }


def owe_untold(shelf: Shelf, fingerprint: str, now: float) -> None:
    """Owe the alert that was kept in mind, if the issue should hear of it as it now stands."""
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
    }


def _is_due(shelf: Shelf, record: Record, kept: Record) -> bool:
    """Say whether the issue is open and was silent so far, or was closed before what was kept in mind happened."""
    standing, said = standing_in(record), shaped(record.get("told"), TOLD)
    if standing.is_muted:
        return False
    if standing.closed_at is not None:
        release = kept.get("release")
        seen_at = first_seen(shelf, release) if release else None
        return is_after(standing.closed_at, happened=kept.get("happened_at", 0.0), release_seen_at=seen_at)
    if kept.get("is_muted"):
        return True
    worst, spoken = level(record.get("worst")), level(said.get("severity"))
    if worst is not None and spoken is not None and not spoken.is_at_least(worst):
        return True
    untold = set(record.get("releases", {})) - set(said.get("releases", ()))
    return bool(untold and said.get("releases")) and record.get("exceptions", 0) < MOST_EXCEPTIONS
