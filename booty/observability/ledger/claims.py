"""The webhook's door: what comes in is judged by what is known, then stored."""

from __future__ import annotations

from contextlib import suppress

from booty.observability.alerts.filters import History, Verdict
from booty.observability.alerts.keeping.kept import kept, kept_alert
from booty.observability.alerts.keeping.value import Value
from booty.observability.alerts.occurrence import Occurrence
from booty.observability.alerts.routing.destination import HERE, Destination, Told
from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.arrivals import Judge, claim
from booty.observability.ledger.engines.engine import Engine, NotStored, Shelf
from booty.observability.ledger.engines.records import Record
from booty.observability.ledger.journal.decisions import Decisions
from booty.observability.ledger.journal.turned_away import TurnedAway
from booty.observability.ledger.problems.aliases import known_as
from booty.observability.ledger.problems.event_ids import key_of
from booty.observability.ledger.pulse import Pulse
from booty.observability.ledger.releases.seen_in import reads_of_release
from booty.observability.ledger.repetition.repetitions import Repetitions
from booty.observability.ledger.repositories.destinations import stored
from booty.observability.ledger.repositories.home import KEY as HOME
from booty.observability.ledger.repositories.home import Home, Marks
from booty.observability.ledger.status_changes import record_everywhere
from booty.observability.ledger.watch.vitals import Vitals

MOST_QUIET = 1_000
"""Fingerprints that are remembered to cool down."""


class Claims:
    """The webhook's door to one ledger; times are unix seconds. Every method raises `NotStored`."""

    def __init__(self, engine: Engine, *, keep_seconds: float, is_masked: bool = True, repository: str = "") -> None:
        """Keep a history for `keep_seconds`, which should be no less than the cooldown.

        `is_masked`: no personal data is stored. `repository` is that of the settings, `owner/name`.
        """
        self._engine = engine
        self._keep_seconds = keep_seconds
        self._is_masked = is_masked
        self._home = Home(repository)
        self._marks = Marks(engine, self._home)
        self._pulse = Pulse(engine)
        self._quiet: set[str] = set()
        self._decisions = Decisions(engine, is_masked=is_masked)
        self._repetitions = Repetitions(engine)
        self.turned_away = TurnedAway(engine)

    def claim(self, alert: Occurrence, decide: Judge, *, destination: Destination = HERE, now: float) -> Verdict:
        """Let `decide` judge the alert by its history; when it accepts, the issue is owed from here on.

        The history is that of the problem in the `destination`'s repository. An alert that cools down is counted. A
        problem that cooled down a moment ago is judged first without reading the alert as a whole, then again if that
        guess was wrong; amid a storm a look at the ledger does (`repetition`).
        """
        verdict, named = Verdict.ACCEPTED, self._marks.put_on(alert, destination.repository)
        if named.fingerprint in self._quiet:
            if self._repetitions.take(named, decide, now=now):
                return Verdict.COOLDOWN
            verdict = self._judge(named, decide, destination.told, now, job=None)
        if verdict.is_accepted:
            # Likely to be needed, and nobody should wait for the lock while it is made.
            job = {"alert": kept_alert(alert.whole, is_masked=self._is_masked)} | stored(destination)
            verdict = self._judge(named, decide, destination.told, now, job=job)
        self._expect(named.fingerprint, is_quiet=not verdict.is_accepted)
        return verdict

    def record_status_change(self, change: StatusChange, *, now: float) -> bool:
        """Owe the change to its problem's issues; return whether there is one, or will be, and the change is new.

        Of a problem without an issue, only when it was created is remembered.
        """
        kept_change = StatusChange.read(self._kept(change))

        def work(shelf: Shelf) -> bool:
            def note(named: StatusChange, because: str | None) -> int:
                return self._decisions.note_change(shelf, named, because=because, now=now)

            return record_everywhere(shelf, kept_change, note, now=now, keep_seconds=self._keep_seconds)

        return self._decisions.transact(work)

    def note(
        self, alert: Occurrence, verdict: Verdict, *, destination: Destination = HERE, threshold: str = "", now: float
    ) -> None:
        """Note a verdict that needed no history, best effort; `threshold` is the level that it was below, if it was."""
        because = {**destination.told, **({"threshold": threshold, "category": alert.category} if threshold else {})}
        with suppress(NotStored):
            named = self._marks.put_on(alert, destination.repository)
            if self._decisions.hold(named, verdict, name=named.fingerprint, because=because, now=now) is not None:
                return

            def work(shelf: Shelf) -> None:
                name = known_as(shelf, named.fingerprint, named.aliases)
                self._decisions.note(shelf, named, verdict, name=name, because=because, now=now)

            reads = self._decisions.reads(named.fingerprint, now=now)
            self._decisions.transact(work, reads=reads, about=named.fingerprint, is_lasting=False)

    def flush(self) -> None:
        """Write what the journal holds in memory."""
        self._repetitions.flush()
        self._decisions.flush()
        self.turned_away.flush()

    def check(self, *, now: float) -> Vitals:
        """Return how the pipe is, when an alert could be stored, as a write of the last second shows."""
        return self._pulse.feel(now=now)

    def _kept(self, value: Value) -> Record:
        return kept(value.record(), is_masked=self._is_masked)

    def _judge(self, alert: Occurrence, decide: Judge, told: Told, now: float, *, job: Record | None) -> Verdict:
        """Decide in one transaction; an alert that would be accepted leaves no trace without the job that it means.

        Without acceptance the count need not be lasting: of a storm, a power cut may cost the last ones.
        """
        decided = self._decisions.reads(alert.fingerprint, now=now)
        reads = (f"alert/{alert.fingerprint}", key_of(alert.fingerprint, alert.event), *decided)
        if job is not None:
            reads += (HOME, *reads_of_release(alert))

        def work(shelf: Shelf) -> Verdict:
            def note(verdict: Verdict, name: str, history: History | None) -> int:
                words = job and job["alert"]
                return self._decisions.note(
                    shelf, alert, verdict, name=name, history=history, stored=words, because=told, now=now
                )

            if job is not None:
                self._home.begin(shelf)
            return claim(shelf, alert, decide, note, job=job, now=now, keep_seconds=self._keep_seconds)

        return self._decisions.transact(work, reads=reads, about=alert.fingerprint, is_lasting=job is not None)

    def _expect(self, fingerprint: str, *, is_quiet: bool) -> None:
        """Remember what the next alert of a fingerprint will likely be; a guess, which decides nothing."""
        if not is_quiet:
            self._quiet.discard(fingerprint)
            return
        if len(self._quiet) >= MOST_QUIET and fingerprint not in self._quiet:
            self._quiet.clear()
        self._quiet.add(fingerprint)
