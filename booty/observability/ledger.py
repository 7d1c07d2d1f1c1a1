"""The ledger: what is known of every fingerprint, and the work that is owed.

Guarantees, under kill -9, a full disk, two workers at once and two releases at once
- An alert that was accepted is on disk until its issue is known to exist or GitHub refused it. Nothing drops it.
- Of any number of simultaneous claims of one fingerprint, one is accepted.
- Owed work has at most one holder: a lease, which runs out when its holder dies. A holder that outlives its lease can
  still report that the issue exists, since that is a fact, but changes nothing else.
- That a post was begun is on disk before the post: whoever takes over afterwards knows that its outcome is unknown.
- Over all workers one piece of work is under way at a time, and the next begins a second after its end at the earliest.

Keys of the shelf: `alert/<fingerprint>` is the history, `owed/<name>` the work, `due/<ms>/<name>` the queue in the
order of time, `refused/<name>` a dead letter, `forget/<ms>/<fingerprint>` when a settled history has had its use,
`issue/<number>` an issue's fingerprint, `gate` the state of the way to GitHub. A name is a fingerprint, for news with
`~` before it. Reading any of them takes the same time whatever else the ledger holds.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pydantic import ValidationError

from booty.observability.alert import Alert
from booty.observability.filters import History, Verdict
from booty.observability.life import Life
from booty.observability.news import News
from booty.observability.shelf import JsonShelf
from booty.observability.store import Store
from booty.observability.tracker import Filing

log = logging.getLogger(__name__)

LEASE_SECONDS = 30.0
"""Longer than the calls to GitHub for one piece of work may take."""
SPACING_SECONDS = 1.0
"""What GitHub asks for between two calls that create something, and that they be made one by one
(https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api)."""
LONGEST_PAUSE_SECONDS = 24 * 3600.0
"""A pause that ends later than that was written under a wrong clock."""
FORGET_AT_ONCE = 200
"""How many histories one transaction forgets, so that no claim waits long for it."""

MOST_RELEASES = 20
MOST_NEWS_KEYS = 20
NEWS = "~"

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A post of unknown outcome: when it began (unix seconds), and how often its issue was looked for in vain."""

    began_at: float
    looks: int = 0


@dataclass(frozen=True, slots=True)
class Lease:
    """The terms on which work is held: the lease's name, and what is known from earlier holders."""

    name: str
    attempt: Attempt | None
    failures: int


@dataclass(frozen=True, slots=True)
class Owed:
    """Leased work: file this alert.

    `attempt` is the post whose outcome is unknown, None when there is none; `failures` counts the calls to GitHub that
    failed in a row, whatever they were for.
    """

    alert: Alert
    lease: str
    attempt: Attempt | None
    failures: int
    life: Life

    @property
    def key(self) -> str:
        """The name of the work in the queue."""
        return self.alert.fingerprint


@dataclass(frozen=True, slots=True)
class OwedNews:
    """Leased work: tell the issue that `life` names the news; the rest as with `Owed`."""

    news: News
    lease: str
    attempt: Attempt | None
    failures: int
    life: Life

    @property
    def key(self) -> str:
        """The name of the work in the queue; one that no fingerprint can have."""
        return f"{NEWS}{self.news.fingerprint}"


Work = Owed | OwedNews


@dataclass(frozen=True, slots=True)
class Pause:
    """No worker calls GitHub before `until` (unix seconds)."""

    until: float
    reason: str


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing to do before `until` (unix seconds), or before the next claim when None."""

    until: float | None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An alert that GitHub refused, with GitHub's words; `refused_at` in unix seconds."""

    fingerprint: str
    reason: str
    refused_at: float


@dataclass(frozen=True, slots=True)
class Census:
    """How many alerts wait for their issue, which ones were refused, and the pause in force (unix seconds) with why."""

    owed: int
    refused: tuple[DeadLetter, ...]
    pause: Pause | None


class Ledger:
    """The records in one store; times are unix seconds, given by the caller. Every method raises `NotStored`."""

    def __init__(self, store: Store, *, keep_seconds: float) -> None:
        """Keep a settled history for `keep_seconds`, which should be no less than the cooldown."""
        self._store = store
        self._keep_seconds = keep_seconds

    def claim(self, alert: Alert, decide: Callable[[History | None], Verdict], *, now: float) -> Verdict:
        """Let `decide` judge the alert by its history; when it accepts, owe the issue from here on.

        An alert that cools down is counted.
        """
        owed = {"alert": alert.model_dump(mode="json", exclude_defaults=True)}

        def work(shelf: JsonShelf) -> Verdict:
            verdict = decide(_history(shelf, alert.fingerprint))
            if verdict in {Verdict.ACCEPTED, Verdict.COOLDOWN}:
                _count(shelf, alert, now)
            if verdict is Verdict.ACCEPTED:
                claimed = {"state": "owed", "event": alert.event, "claimed_at": now}
                shelf[f"alert/{alert.fingerprint}"] = shelf[f"alert/{alert.fingerprint}"] | claimed
                shelf.pop(f"refused/{alert.fingerprint}", None)
                _owe(shelf, alert.fingerprint, dict(owed), due_at=now)
            return verdict

        return self._store.transact(work)

    def hear(self, news: News, *, now: float) -> bool:
        """Owe the news to the issue that they are about; say whether there is one, and they are new."""
        stored = {"news": news.model_dump(mode="json", exclude_defaults=True)}

        def work(shelf: JsonShelf) -> bool:
            record = shelf.get(f"alert/{news.fingerprint}", {})
            if "issue" not in record or not _is_new(record, news):
                return False
            keys = [*record.get("news", []), news.key][-MOST_NEWS_KEYS:]
            seen_at = max(record.get("news_seen_at", 0.0), news.last_seen.timestamp() if news.last_seen else 0.0)
            heard = {"news": keys, "news_seen_at": seen_at, "is_resolved_in_sentry": news.change == "resolved"}
            shelf[f"alert/{news.fingerprint}"] = record | heard
            _take_back(shelf, f"{NEWS}{news.fingerprint}")
            _owe(shelf, f"{NEWS}{news.fingerprint}", dict(stored), due_at=now)
            return True

        return self._store.transact(work)

    def lease(self, *, now: float) -> Work | Rest:
        """Take the work that is due first, or learn how long to rest.

        When no post of it was begun yet, one counts as begun from here on.
        """
        return self._store.transact(lambda shelf: _lease(shelf, now))

    def settle(self, owed: Work, filing: Filing | None, *, now: float) -> None:
        """Record that the work is done: the issue exists, as `filing` says, or has been written to when it is None."""
        told = {"count": owed.life.count, "releases": list(owed.life.releases)}
        filed = {"issue": filing.number, "url": filing.url} if filing else {}

        def work(shelf: JsonShelf) -> None:
            _open_gate(shelf, owed, now)
            if not _is_same(shelf, owed) or _take_back(shelf, owed.key) is None or isinstance(owed, OwedNews):
                return
            forget_at = now + self._keep_seconds
            end = {"state": "filed", "settled_at": now, "forget_at": forget_at, "told": told}
            _close(shelf, owed.key, end | filed)
            if filing is not None:
                shelf[f"issue/{filing.number}"] = owed.key
            shelf[f"forget/{_sortable(forget_at)}/{owed.key}"] = 1

        self._store.transact(work)

    def refuse(self, owed: Work, reason: str, *, attempt: Attempt | None, now: float) -> None:
        """Keep the alert as a dead letter with GitHub's words, until `retry` or a later alert takes its place.

        `attempt` is the post that may have made the issue all the same, so that a retry looks for it first.
        """

        def work(shelf: JsonShelf) -> None:
            _open_gate(shelf, owed, now)
            record = _take_back(shelf, owed.key, lease=owed.lease)
            if record is not None:
                _bury(shelf, owed.key, _work(record, attempt), reason, now)

        self._store.transact(work)

    def postpone(
        self, owed: Work, *, due_at: float, attempt: Attempt | None, pause: Pause | None = None, now: float
    ) -> None:
        """Give the work back until `due_at`, with what is now known of its post; `pause` when the call failed."""

        def work(shelf: JsonShelf) -> None:
            _open_gate(shelf, owed, now, pause=pause)
            record = _take_back(shelf, owed.key, lease=owed.lease)
            if record is not None:
                _owe(shelf, owed.key, _work(record, attempt), due_at=due_at)

        self._store.transact(work)

    def forget(self, *, now: float) -> int:
        """Forget settled histories that have had their use, some hundred at a time; return how many keys went."""

        def work(shelf: JsonShelf) -> int:
            keys = list(islice(shelf.under("forget/", until=_sortable(now)), FORGET_AT_ONCE))
            for key in keys:
                del shelf[key]
                fingerprint = key.split("/", 2)[2]
                record = shelf.get(f"alert/{fingerprint}", {})
                if record.get("forget_at", now) < now:
                    del shelf[f"alert/{fingerprint}"]
                    shelf.pop(f"issue/{record.get('issue')}", None)
            return len(keys)

        return self._store.transact(work)

    def check(self, *, now: float) -> None:
        """Write to the ledger as a claim would; returns when an alert could be stored."""
        self._store.transact(lambda shelf: shelf.update(checked_at=now))

    def census(self) -> Census:
        """Return what the ledger owes, and what GitHub refused; reads all of it."""
        return self._store.transact(_census)

    def retry(self, fingerprint: str, *, now: float) -> bool:
        """Owe a dead letter once more; say whether there was one."""

        def work(shelf: JsonShelf) -> bool:
            letter = shelf.pop(f"refused/{fingerprint}", None)
            if letter is not None:
                if "alert" in letter:
                    _close(shelf, fingerprint, {"state": "owed", "settled_at": now})
                _owe(shelf, fingerprint, _work(letter, _attempt(letter)), due_at=now)
            return letter is not None

        return self._store.transact(work)


def _history(shelf: JsonShelf, fingerprint: str) -> History | None:
    record = shelf.get(f"alert/{fingerprint}")
    if record is None:
        return None
    return History(claimed_at=record["claimed_at"], is_owed=record["state"] == "owed")


def _census(shelf: JsonShelf) -> Census:
    gate = shelf.get("gate", {})
    return Census(
        owed=sum(1 for _ in shelf.under("owed/")),
        refused=tuple(
            DeadLetter(key.split("/")[1], letter["reason"], letter["refused_at"])
            for key in list(shelf.under("refused/"))
            if (letter := shelf.get(key)) is not None
        ),
        pause=Pause(gate["paused_until"], gate["reason"]) if gate.get("paused_until") else None,
    )


def _count(shelf: JsonShelf, alert: Alert, now: float) -> None:
    """Count an alert, whatever becomes of it."""
    record = shelf.get(f"alert/{alert.fingerprint}", {})
    releases = record.get("releases", {})
    if alert.release and alert.release not in releases:
        releases = dict([*releases.items(), (alert.release, now)][-MOST_RELEASES:])
    counted = {"count": record.get("count", 0) + 1, "last_seen": now, "releases": releases}
    record.pop("is_resolved_in_sentry", None)  # Sentry saw it again as well
    shelf[f"alert/{alert.fingerprint}"] = record | counted


def _life(shelf: JsonShelf, fingerprint: str, now: float) -> Life:
    record = shelf.get(f"alert/{fingerprint}", {})
    told = record.get("told", {})
    return Life(
        issue=record.get("issue"),
        count=record.get("count", 1),
        last_seen=record.get("last_seen", now),
        releases=record.get("releases", {}),
        told_count=told.get("count", 0),
        told_releases=tuple(told.get("releases", ())),
    )


def _is_new(record: Record, news: News) -> bool:
    """Say whether the news are neither a repetition nor older than what was heard already."""
    seen_at = news.last_seen.timestamp() if news.last_seen else None
    return news.key not in record.get("news", []) and (seen_at is None or seen_at >= record.get("news_seen_at", 0.0))


def _lease(shelf: JsonShelf, now: float) -> Work | Rest:
    gate = shelf.get("gate", {})
    opens_at = max(gate.get("busy_until", 0.0), gate.get("paused_until", 0.0))
    if _is_ahead(opens_at, now):
        return Rest(opens_at)
    while (key := next(shelf.under("due/"), None)) is not None:
        due_at = int(key.split("/")[1]) / 1000
        if _is_ahead(due_at, now):
            return Rest(due_at)
        owed = _hold(shelf, key, now, failures=gate.get("failures", 0))
        if owed is not None:
            shelf["gate"] = gate | {"holder": owed.lease, "busy_until": now + LEASE_SECONDS}
            return owed
    return Rest(None)


def _hold(shelf: JsonShelf, key: str, now: float, *, failures: int) -> Work | None:
    """Take the work that the queue's `key` names; None when there is none that can be read."""
    name = key.split("/")[2]
    shelf.pop(key, None)
    record = _take_back(shelf, name)
    if record is None:
        return None
    lease, attempt = uuid.uuid4().hex, _attempt(record)
    try:
        owed = _owed(shelf, record, Lease(lease, attempt, failures), now)
    except (ValidationError, KeyError):
        log.exception("record_unreadable", extra={"fingerprint": name})
        _bury(shelf, name, record, "the stored alert cannot be read", now)
        return None
    held = _work(record, attempt or Attempt(now)) | {"lease": lease}
    _owe(shelf, name, held, due_at=now + LEASE_SECONDS)
    return owed


def _owed(shelf: JsonShelf, record: Record, lease: Lease, now: float) -> Work:
    """Read owed work. Raises `ValidationError`, `KeyError`."""
    if "news" in record:
        news = News.model_validate(record["news"])
        return OwedNews(news, lease.name, lease.attempt, lease.failures, _life(shelf, news.fingerprint, now))
    alert = Alert.model_validate(record["alert"])
    return Owed(alert, lease.name, lease.attempt, lease.failures, _life(shelf, alert.fingerprint, now))


def _work(record: Record, attempt: Attempt | None) -> Record:
    """Return the record of the same work, held by nobody."""
    subject = {kind: record[kind] for kind in ("alert", "news") if kind in record}
    return subject | ({"attempted_at": attempt.began_at, "looks": attempt.looks} if attempt else {})


def _attempt(record: Record) -> Attempt | None:
    return Attempt(record["attempted_at"], record.get("looks", 0)) if record.get("attempted_at") else None


def _is_ahead(moment: float, now: float) -> bool:
    """Say whether to wait for `moment`; one that lies too far ahead was written under a wrong clock."""
    return now < moment <= now + LONGEST_PAUSE_SECONDS


def _take_back(shelf: JsonShelf, fingerprint: str, *, lease: str | None = None) -> Record | None:
    """Take owed work out of the queue, if `lease` still holds it; without a lease, whoever holds it."""
    record: Record | None = shelf.get(f"owed/{fingerprint}")
    if record is None or lease not in {None, record.get("lease")}:
        return None
    shelf.pop(f"due/{record['due']}/{fingerprint}", None)
    del shelf[f"owed/{fingerprint}"]
    return record


def _is_same(shelf: JsonShelf, owed: Work) -> bool:
    """Say whether what is owed under that name is still this very alert, or these news, and nothing later."""
    record = shelf.get(f"owed/{owed.key}", {})
    if isinstance(owed, OwedNews):
        return bool(record.get("news", {}).get("key") == owed.news.key)
    return bool(record.get("alert", {}).get("event") == owed.alert.event)


def _owe(shelf: JsonShelf, fingerprint: str, record: Record, *, due_at: float) -> None:
    """Put work into the queue, to be done at `due_at`."""
    due = _sortable(due_at)
    shelf[f"owed/{fingerprint}"] = record | {"due": due}
    shelf[f"due/{due}/{fingerprint}"] = 1


def _close(shelf: JsonShelf, fingerprint: str, end: Record) -> None:
    shelf[f"alert/{fingerprint}"] = {"claimed_at": end["settled_at"]} | shelf.get(f"alert/{fingerprint}", {}) | end


def _bury(shelf: JsonShelf, fingerprint: str, work: Record, reason: str, now: float) -> None:
    """Keep work as a dead letter."""
    shelf[f"refused/{fingerprint}"] = work | {"reason": reason, "refused_at": now}
    if not fingerprint.startswith(NEWS):
        _close(shelf, fingerprint, {"state": "refused", "settled_at": now})


def _open_gate(shelf: JsonShelf, owed: Work, now: float, *, pause: Pause | None = None) -> None:
    """Let the next piece of work begin after the spacing, or after the pause; only its holder opens the gate."""
    gate = shelf.get("gate", {})
    if gate.get("holder") != owed.lease:
        return
    failures = gate.get("failures", 0) + 1 if pause else 0
    opened = {"busy_until": now + SPACING_SECONDS, "failures": failures}
    shelf["gate"] = opened | ({"paused_until": pause.until, "reason": pause.reason} if pause else {})


def _sortable(seconds: float) -> str:
    """Return a time as digits that sort as text, in milliseconds."""
    return f"{round(seconds * 1000):015d}"
