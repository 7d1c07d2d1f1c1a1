"""A storm's alerts, judged by a look at the ledger, without a transaction each; what they count is written together.

Within the cooldown the verdict about an alert that says nothing new cannot change but by what somebody commits, which
the look sees: it reads the records as they are now. What is anything but a mere repetition is left to a transaction.
`kill -9` costs what was counted in the last `HOLD_SECONDS`, no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from booty.observability.alerts.filters import Verdict
from booty.observability.alerts.occurrence import Occurrence
from booty.observability.ledger.arrivals import Judge
from booty.observability.ledger.engines.engine import Engine, NotStored, Shelf
from booty.observability.ledger.journal.later import Later
from booty.observability.ledger.problems.aliases import METRIC
from booty.observability.ledger.problems.event_ids import book_of, digits_of, holds
from booty.observability.ledger.repetition.batch import Batch, reads_of, write
from booty.observability.ledger.repetition.settled import Settled, settled_in

HOLD_SECONDS = 0.2
AGAIN_SECONDS = 5.0
"""How long after what was held could not be written it is tried again."""
STORM = 10
"""Alerts of one problem in a second; of fewer each is written at once, so that a person finds them counted."""
MOST = 2_000
"""Alerts that are held at most, of all problems together; with the next one they are written."""
MOST_PROBLEMS = 1_000
"""Whose pace is remembered."""
MOST_KNOWN = 100
"""Problems of which it is remembered what their record says."""


@dataclass(slots=True)
class _Pace:
    second: int = 0
    now: int = 0
    before: int = 0

    def step(self, second: int) -> bool:
        """Count one alert; return whether it is one of a storm."""
        if second != self.second:
            self.before, self.now = self.now if second == self.second + 1 else 0, 0
            self.second = second
        self.now += 1
        return max(self.now, self.before) > STORM


class Repetitions:
    """What one process holds, written through `engine`; times are unix seconds."""

    def __init__(self, engine: Engine) -> None:
        """Hold nothing yet; a thread runs only while something is held."""
        self._engine = engine
        self._lock = Lock()
        self._writing = Lock()
        self._paces: dict[str, _Pace] = {}
        self._known: dict[str, tuple[object, Settled | None]] = {}
        self._held: dict[str, Batch] = {}
        self._count = 0
        self._is_failing = False
        self._later = Later(self._write)

    def take(self, alert: Occurrence, decide: Judge, *, now: float) -> bool:
        """Return whether the alert is a mere repetition amid a storm; then it is counted."""
        digits, batch = digits_of(alert.event), self._held.get(alert.fingerprint)
        if batch is not None and digits in batch.events:  # it comes again: a transaction sees that once it is written
            self.flush()
            return False
        if not self._is_storm(alert.fingerprint, now) or self._is_failing or not _is_plain(alert):
            return False
        found = self._engine.peek(f"alert/{alert.fingerprint}", book_of(alert.fingerprint, digits))
        if found is None or holds(found[1], digits):
            return False
        settled = self._settled(alert.fingerprint, found[0])
        if settled is None or not settled.is_repeated_by(alert, now):
            return False
        return decide(settled.history) is Verdict.COOLDOWN and self._hold(alert, digits, settled.line, now)

    def flush(self) -> None:
        """Write what is held."""
        self._later.now()

    def _is_storm(self, fingerprint: str, now: float) -> bool:
        with self._lock:
            pace = self._paces.get(fingerprint)
            if pace is None:
                if len(self._paces) >= MOST_PROBLEMS:
                    self._paces.clear()
                self._paces[fingerprint] = pace = _Pace()
            return pace.step(int(now))

    def _settled(self, fingerprint: str, record: object) -> Settled | None:
        """Return what a record settles, remembered while it is the very same one."""
        known = self._known.get(fingerprint)
        if known is None or known[0] is not record:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[fingerprint] = known = (record, settled_in(record))
        return known[1]

    def _hold(self, alert: Occurrence, digits: str, line: int, now: float) -> bool:
        """Count an alert in memory; return whether there was room, and it is not there yet."""
        with self._lock:
            batch = self._held.get(alert.fingerprint) or self._held.setdefault(alert.fingerprint, Batch(line))
            is_new = batch.line == line and digits not in batch.events and self._count < MOST
            if is_new:
                self._count += 1
                batch.add(alert, digits, now)
        if is_new:
            self._later.within(HOLD_SECONDS)
        else:
            self.flush()
        return is_new

    def _write(self) -> None:
        """Write what is held. What cannot be written is held on; until it is, every alert gets a transaction."""
        with self._writing:
            with self._lock:
                held, self._held, self._count = self._held, {}, 0
            if not held:
                return
            reads = tuple(key for name, batch in held.items() for key in reads_of(name, batch))

            def work(shelf: Shelf) -> None:
                for name, batch in held.items():
                    write(shelf, name, batch)

            try:
                self._engine.transact(work, reads=reads, about=tuple(held), is_lasting=False)
                self._is_failing = False
            except NotStored:
                self._is_failing = True
                with self._lock:
                    for name, batch in self._held.items():
                        held.setdefault(name, Batch(batch.line)).absorb(batch)
                    self._held, self._count = held, MOST
                self._later.within(AGAIN_SECONDS)


def _is_plain(alert: Occurrence) -> bool:
    """Return whether nothing but the problem's own record and its events decide about an alert."""
    is_metric = alert.kind == "metric" or alert.fingerprint.startswith(METRIC) or alert.incident is not None
    return not (is_metric or alert.aliases or alert.is_regression or alert.is_reconciled)
