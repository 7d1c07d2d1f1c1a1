"""What an alert, or news, change in the ledger before they are delivered: counted, owed, kept in mind.

Every function works on the shelf of one transaction of the ledger, whose docstring names the keys.
"""

from __future__ import annotations

from collections.abc import Callable

from booty.observability.alerts.alert import Occurrence
from booty.observability.alerts.filters import History, Verdict, happened_at, is_after
from booty.observability.alerts.release import commit_of, deployment_of
from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.engines.engine import Shelf, sortable
from booty.observability.ledger.engines.records import HISTORY, Record, shaped
from booty.observability.ledger.problems.aliases import known_as, remember
from booty.observability.ledger.problems.event_ids import CountedEvents
from booty.observability.ledger.problems.history import counted, heard, history_in, is_new, is_new_release, passed_over
from booty.observability.ledger.problems.seen_releases import see
from booty.observability.ledger.problems.sentry_counts import counted_by_sentry, noted
from booty.observability.ledger.problems.sightings import first_seen, sight
from booty.observability.ledger.schedule.due import owe, take_back
from booty.observability.ledger.schedule.jobs import NEWS
from booty.observability.ledger.untold import held

Judge = Callable[[History | None], Verdict]


def claim(  # noqa: PLR0913 - what the ledger's own `claim` is given, by names
    shelf: Shelf, alert: Occurrence, decide: Judge, *, owed: Record | None, now: float, keep_seconds: float
) -> Verdict:
    """Let `decide` judge the alert, and do what follows; nothing, if it is accepted and the work `owed` is missing."""
    name = known_as(shelf, alert.fingerprint, alert.aliases)
    record = shaped(shelf.get(f"alert/{name}"), HISTORY)
    seen_at = _seen_at(shelf, record, alert)
    events = CountedEvents(shelf, name, alert.event)
    history = history_in(record, alert, is_counted=events.is_known, release_seen_at=seen_at, now=now)
    verdict = decide(history)
    is_accepted = verdict.is_accepted
    if (is_accepted and owed is None) or not (is_accepted or verdict is Verdict.COOLDOWN):
        return verdict
    _see_release(shelf, record, alert, now=now, keep_seconds=keep_seconds, is_accepted=is_accepted)
    if alert.aliases or name != alert.fingerprint:
        record = remember(shelf, record, name, (alert.fingerprint, *alert.aliases))
    if "resolved_at" in record and is_after(
        record["resolved_at"], happened=happened_at(alert, now), release_seen_at=seen_at
    ):
        record = unresolved(shelf, record, name) | {"is_back": True}
    if owed is not None and is_accepted:
        record = _accepted(shelf, record, alert, name, owed, verdict=verdict, now=now)
    else:
        record = held(record, alert, now)
    known = events.add(happened_at=happened_at(alert, now), known=record.get("events_known", 0))
    shelf[f"alert/{name}"] = counted(record, alert, now) | {"events_known": known}
    return verdict


def record_status_change(shelf: Shelf, news: StatusChange, *, now: float, keep_seconds: float) -> bool:
    """Owe the news to the issue that they are about; say whether there is one, or one is owed, and they are new."""
    news = news.model_copy(update={"fingerprint": known_as(shelf, news.fingerprint, news.aliases)})
    record = shaped(shelf.get(f"alert/{news.fingerprint}"), HISTORY)
    if not record:
        _remember(shelf, news, now=now, forget_at=now + keep_seconds)
        return False
    has_issue = "issue" in record or record.get("state") == "owed"
    if not has_issue or news.change == "created" or not is_new(record, news):
        shelf[f"alert/{news.fingerprint}"] = record | passed_over(record, news) | noted(news, counted_by_sentry(record))
        return False
    record = {name: value for name, value in record.items() if name not in {"resolved_at", "is_back"}}
    pending = {"resolved_at": now} if news.change == "resolved" else {}
    shelf[f"alert/{news.fingerprint}"] = heard(record, news) | pending
    if "issue" in record:
        owe_status_change(shelf, news.fingerprint, now)
    return True


def owe_status_change(shelf: Shelf, fingerprint: str, now: float) -> None:
    """Owe the news that wait for an issue to it, if there are any, in place of older ones that it was not told yet."""
    record = shelf[f"alert/{fingerprint}"]
    if "waiting" in record:
        take_back(shelf, f"{NEWS}{fingerprint}")
        owe(shelf, f"{NEWS}{fingerprint}", {"news": record.pop("waiting")}, due_at=now)
        shelf[f"alert/{fingerprint}"] = record


def unresolved(shelf: Shelf, record: Record, fingerprint: str) -> Record:
    """Take back that the problem was resolved, which its issue was not told yet: it came back since."""
    take_back(shelf, f"{NEWS}{fingerprint}")
    return {name: value for name, value in record.items() if name not in {"resolved_at", "waiting"}}


def _accepted(  # noqa: PLR0913 - as `claim`
    shelf: Shelf, record: Record, alert: Occurrence, name: str, owed: Record, *, verdict: Verdict, now: float
) -> Record:
    """Owe the alert under the problem's name. What passes the cooldown does not begin another."""
    owe(shelf, name, {**owed, "alert": owed["alert"] | {"fingerprint": name}}, due_at=now)
    if record.get("state") == "refused":
        shelf.pop(f"refused/{name}", None)
    if verdict is Verdict.ACCEPTED:
        record = record | {"claimed_at": now, "exceptions": 0}
    else:
        record = record | {"exceptions": record.get("exceptions", 0) + 1}
    return record | {
        "state": "owed",
        "event": alert.event,
        "happened_at": happened_at(alert, now),
        "seen_before": record.get("last_seen", now),
    }


def _seen_at(shelf: Shelf, record: Record, alert: Occurrence) -> float | None:
    """Return when any problem was first seen in the alert's release; a storm of one release need not ask."""
    if not alert.release:
        return None
    if alert.release in record.get("releases", {}) and not {"standing", "resolved_at"} & record.keys():
        return None
    return first_seen(shelf, alert.release)


def _see_release(  # noqa: PLR0913 - as `claim`
    shelf: Shelf, record: Record, alert: Occurrence, *, now: float, keep_seconds: float, is_accepted: bool
) -> None:
    """Note a release that is new to the problem: what comes next is compared with it, filed or not."""
    is_new_to_it = is_new_release(record, alert.release)
    if alert.release and (is_new_to_it or is_accepted):
        since = record.get("releases", {}).get(alert.release, now)
        sight(shelf, alert.release, since=since, now=now, keep_seconds=keep_seconds)
    commit = commit_of(alert.release)
    if commit is not None and is_new_to_it:
        see(shelf, commit, deployment=deployment_of(alert), now=now)


def _remember(shelf: Shelf, news: StatusChange, *, now: float, forget_at: float) -> None:
    """Remember since when a problem is known, for the issue that it may get, and the news, which may be repeated."""
    first = news.last_seen.timestamp() if news.last_seen else now
    since = {"first_seen": min(first, now)} if news.change == "created" else {}
    shelf[f"alert/{news.fingerprint}"] = since | passed_over({}, news) | {"forget_at": forget_at} | noted(news)
    shelf[f"forget/{sortable(forget_at)}/{news.fingerprint}"] = 1
