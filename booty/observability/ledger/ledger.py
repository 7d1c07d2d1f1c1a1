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
`events/<fingerprint>/<digit>` which events it counted, `issue/<number>` an issue's fingerprint, `alias/<name>` that of
a problem with several names, `release/<hash>` when a release was seen, `gate` the state of the way to GitHub,
`schema` whose records these are, `checked_at` the last proof that they can be written. A name is a fingerprint, for
news with `~` before it. Reading any of them takes the same time whatever else the ledger holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from booty.observability.alerts.alert import Occurrence, Value
from booty.observability.alerts.filters import History, Verdict
from booty.observability.alerts.issue import SPACING_SECONDS, IssueRef, Standing
from booty.observability.alerts.keeping.kept import kept
from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.claiming import claim, owe_status_change, record_status_change
from booty.observability.ledger.engines.engine import Engine, Shelf, sortable
from booty.observability.ledger.engines.records import HISTORY, WORK, Record, shaped
from booty.observability.ledger.problems.aliases import forget_names
from booty.observability.ledger.problems.event_ids import forget_events, key_of
from booty.observability.ledger.problems.history import close
from booty.observability.ledger.problems.seen_releases import RELEASES
from booty.observability.ledger.problems.sightings import forget_sightings, sighting_of
from booty.observability.ledger.pulse import Pulse
from booty.observability.ledger.schedule.due import (
    attempt_of,
    bury,
    is_same,
    notes_of,
    owe,
    renew,
    take_back,
    take_due,
    unheld,
)
from booty.observability.ledger.schedule.gate import gate_in, open_gate, resume, stop, stop_in
from booty.observability.ledger.schedule.hold_up import HoldUp
from booty.observability.ledger.schedule.jobs import Attempt, Idle, Job, Notes, Outcome, Pause, StatusJob, Stop
from booty.observability.ledger.settlements import settle
from booty.observability.ledger.untold import owe_untold

FORGET_AT_ONCE = 200
"""How many histories one transaction forgets, so that no claim waits long for it."""
MOST_QUIET = 1_000
"""Fingerprints that are remembered to cool down."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An alert that GitHub refused, with GitHub's words; `refused_at` in unix seconds."""

    fingerprint: str
    reason: str
    refused_at: float


@dataclass(frozen=True, slots=True)
class Census:
    """How many alerts wait for their issue, which ones were refused, and the pause in force (unix seconds) with why.

    `stop` is in force while everything is refused.
    """

    owed: int
    refused: tuple[DeadLetter, ...]
    pause: Pause | None
    stop: Stop | None = None


class Ledger:
    """The records in one store; times are unix seconds, given by the caller. Every method raises `NotStored`."""

    def __init__(self, store: Engine, *, keep_seconds: float, is_masked: bool = True) -> None:
        """Keep a settled history for `keep_seconds`, which should be no less than the cooldown.

        `is_masked`: no personal data is stored.
        """
        self._store = store
        self._keep_seconds = keep_seconds
        self._is_masked = is_masked
        self._pulse = Pulse(store)
        self._quiet: set[str] = set()

    def claim(self, alert: Occurrence, decide: Callable[[History | None], Verdict], *, now: float) -> Verdict:
        """Let `decide` judge the alert by its history; when it accepts, owe the issue from here on.

        An alert that cools down is counted.
        """
        verdict = Verdict.ACCEPTED
        if alert.fingerprint in self._quiet:
            verdict = self._judge(alert, decide, now, owed=None)
        if verdict.is_accepted:
            # Likely to be needed, and nobody should wait for the lock while it is made.
            owed = {"alert": self._kept(alert.whole)}
            verdict = self._judge(alert, decide, now, owed=owed)
        self._expect(alert.fingerprint, is_quiet=not verdict.is_accepted)
        return verdict

    def _kept(self, value: Value) -> Record:
        return kept(value.model_dump(mode="json", exclude_defaults=True), is_masked=self._is_masked)

    def _judge(
        self, alert: Occurrence, decide: Callable[[History | None], Verdict], now: float, *, owed: Record | None
    ) -> Verdict:
        """Decide in one transaction; an alert that would be accepted leaves no trace without the work that it means.

        Without acceptance the count need not be lasting: of a storm, a power cut may cost the last ones.
        """
        keep_seconds = self._keep_seconds
        reads = (f"alert/{alert.fingerprint}", key_of(alert.fingerprint, alert.event))
        if owed is not None:
            reads += (RELEASES, *((sighting_of(alert.release),) if alert.release else ()))
        return self._store.transact(
            lambda shelf: claim(shelf, alert, decide, owed=owed, now=now, keep_seconds=keep_seconds),
            reads=reads,
            is_lasting=owed is not None,
        )

    def _expect(self, fingerprint: str, *, is_quiet: bool) -> None:
        """Remember what the next alert of a fingerprint will likely be; a guess, which decides nothing."""
        if not is_quiet:
            self._quiet.discard(fingerprint)
            return
        if len(self._quiet) >= MOST_QUIET and fingerprint not in self._quiet:
            self._quiet.clear()
        self._quiet.add(fingerprint)

    def record_status_change(self, news: StatusChange, *, now: float) -> bool:
        """Owe the news to the issue that they are about; say whether there is one, or one is owed, and they are new.

        Of a problem without an issue, only when it was created is remembered.
        """
        kept_news = StatusChange.model_validate(self._kept(news))
        return self._store.transact(
            lambda shelf: record_status_change(shelf, kept_news, now=now, keep_seconds=self._keep_seconds)
        )

    def lease(self, *, now: float, token: str = "") -> Job | Idle:
        """Take the work that is due first, or learn how long to rest; `token` marks the one that calls are made with.

        When no post of it was begun yet, one counts as begun from here on.
        """
        return self._store.transact(lambda shelf: take_due(shelf, now, token=token))

    def renew(self, owed: Job, *, now: float, labels: tuple[str, ...] = ()) -> bool:
        """Hold the work for another lease; return False when somebody else may have it, so that nothing may be written.

        `labels`, about to be put on, are noted for whoever takes over.
        """
        return self._store.transact(lambda shelf: renew(shelf, owed, now, labels=labels))

    def settle(
        self, owed: Job, filing: IssueRef | None, *, now: float, outcome: Outcome | None = None, is_proof: bool = True
    ) -> None:
        """Record that the work is done: the issue exists, as `filing` says, or has been written to when it is None.

        `outcome` is how the issue was left; None after a filing, and when there was nothing to write to. `is_proof`:
        the tracker took something, which ends a stop.
        """
        if filing is not None and outcome is None:
            outcome = Outcome(Standing(as_of=now))

        def work(shelf: Shelf) -> None:
            open_gate(shelf, owed.lease, now, is_proof=is_proof)
            if not is_same(shelf, owed) or take_back(shelf, owed.key) is None:
                return
            settle(shelf, owed, outcome, now=now, forget_at=now + self._keep_seconds, is_filed=filing is not None)
            if filing is not None:
                shelf[f"alert/{owed.key}"] |= {"issue": filing.number, "url": filing.url}
                shelf[f"issue/{filing.number}"] = owed.key
                owe_status_change(shelf, owed.key, now)
            owe_untold(shelf, owed.fingerprint, now)

        self._store.transact(work)

    def adopt(self, owed: Job, filing: IssueRef, *, now: float) -> None:
        """Record that the problem has the issue already, and give the work back, to be told to it."""

        def work(shelf: Shelf) -> None:
            open_gate(shelf, owed.lease, now, is_proof=False)
            record = take_back(shelf, owed.key, lease=owed.lease)
            if record is not None:
                shelf[f"alert/{owed.fingerprint}"] |= {"issue": filing.number, "url": filing.url}
                shelf[f"issue/{filing.number}"] = owed.fingerprint
                owe(shelf, owed.key, unheld(record, None), due_at=now)

        self._store.transact(work)

    def await_alert(self, owed: Job, *, now: float) -> None:
        """Give up work that a new issue should take up, for want of its evidence: the next alert brings it."""

        def work(shelf: Shelf) -> None:
            open_gate(shelf, owed.lease, now, is_proof=False)
            if is_same(shelf, owed) and take_back(shelf, owed.key) is not None:
                settle(shelf, owed, None, now=now, forget_at=now + self._keep_seconds)
                shelf[f"alert/{owed.fingerprint}"] |= {"is_awaited": True}

        self._store.transact(work)

    def refuse(self, owed: Job, reason: str, *, attempt: Attempt | None, now: float) -> None:
        """Keep the alert as a dead letter with GitHub's words, until `retry` or a later alert takes its place.

        `attempt` is the post that may have made the issue all the same, so that a retry looks for it first.
        """

        def work(shelf: Shelf) -> None:
            open_gate(shelf, owed.lease, now)
            record = take_back(shelf, owed.key, lease=owed.lease)
            if record is not None:
                bury(shelf, owed.key, unheld(record, attempt), reason, now)
            if record is not None and isinstance(owed, StatusJob):
                settle(shelf, owed, None, now=now, forget_at=now + self._keep_seconds)

        self._store.transact(work)

    def postpone(  # noqa: PLR0913 - all that is known of the work afterwards, by its names
        self,
        owed: Job,
        *,
        due_at: float,
        attempt: Attempt | None,
        pause: Pause | None = None,
        notes: Notes | None = None,
        now: float,
    ) -> None:
        """Give the work back until `due_at`, with what is now known of its post; `pause` when the call failed.

        `notes` take the place of those that it has.
        """

        def work(shelf: Shelf) -> None:
            open_gate(shelf, owed.lease, now, pause=pause, is_proof=False)
            record = take_back(shelf, owed.key, lease=owed.lease)
            if record is not None:
                owe(shelf, owed.key, unheld(record, attempt, notes), due_at=due_at)

        self._store.transact(work)

    def stop(self, owed: Job, reason: str, remedy: str, *, attempt: Attempt | None, now: float) -> Stop | None:
        """Give the work back and stop all deliveries, since everything would be refused like it; return the stop.

        None: it is this work alone that is refused, since others were taken after it had been refused already.
        """

        def work(shelf: Shelf) -> Stop | None:
            refused_at = notes_of(shaped(shelf.get(f"owed/{owed.key}"), WORK)).stopped_at
            if refused_at is not None and gate_in(shelf).get("succeeded_at", 0.0) > refused_at:
                return None
            stopped = stop(shelf, now, reason=reason, remedy=remedy)
            record = take_back(shelf, owed.key, lease=owed.lease)
            if record is not None:
                refused = unheld(record, attempt) | {"stopped_at": now}
                owe(shelf, owed.key, refused, due_at=now + SPACING_SECONDS)  # the next try is another's
            return stopped

        return self._store.transact(work)

    def resume(self, *, now: float) -> None:
        """Let the next work be tried at once: a person has fixed what a pause or a stop was for."""
        self._store.transact(lambda shelf: resume(shelf, now))

    def forget(self, *, now: float) -> int:
        """Forget settled histories that have had their use, some hundred at a time; return how many keys went.

        Nothing of what is no longer in the ledger is left in its files afterwards.
        """

        def work(shelf: Shelf) -> int:
            keys = list(islice(shelf.under("forget/", until=sortable(now)), FORGET_AT_ONCE))
            for key in keys:
                del shelf[key]
                fingerprint = key.split("/")[-1]
                record = shaped(shelf.get(f"alert/{fingerprint}"), HISTORY)
                if record.get("forget_at", now) < now:
                    del shelf[f"alert/{fingerprint}"]
                    shelf.pop(f"issue/{record.get('issue')}", None)
                    forget_names(shelf, record)
                    forget_events(shelf, fingerprint)
            most = FORGET_AT_ONCE - len(keys)
            return len(keys) + forget_sightings(shelf, now=now, keep_seconds=self._keep_seconds, most=most)

        forgotten = self._store.transact(work)
        self.tidy()
        return forgotten

    def tidy(self) -> None:
        """Leave nothing in the files of what is no longer in the ledger."""
        self._store.tidy()

    def check(self, *, now: float) -> HoldUp | None:
        """Return when an alert could be stored, as a write of the last second shows; with what holds deliveries up."""
        return self._pulse.feel(now=now)

    def census(self) -> Census:
        """Return what the ledger owes, and what GitHub refused; reads all of it."""
        return self._store.transact(_census)

    def retry(self, fingerprint: str, *, now: float) -> bool:
        """Owe a dead letter once more; say whether there was one."""

        def work(shelf: Shelf) -> bool:
            is_there = f"refused/{fingerprint}" in shelf
            letter = shaped(shelf.pop(f"refused/{fingerprint}"), WORK)
            if is_there:
                if "alert" in letter:
                    close(shelf, fingerprint, {"state": "owed", "settled_at": now})
                owe(shelf, fingerprint, unheld(letter, attempt_of(letter)), due_at=now)
            return is_there

        return self._store.transact(work)


def _census(shelf: Shelf) -> Census:
    gate = gate_in(shelf)
    return Census(
        owed=sum(1 for _ in shelf.under("owed/")),
        refused=tuple(
            DeadLetter(key.split("/")[1], letter.get("reason", "unknown"), letter.get("refused_at", 0.0))
            for key in list(shelf.under("refused/"))
            for letter in [shaped(shelf.get(key), WORK)]
        ),
        pause=Pause(gate["paused_until"], gate.get("reason", "")) if gate.get("paused_until") else None,
        stop=stop_in(gate),
    )
