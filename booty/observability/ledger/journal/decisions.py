"""A decision becomes a line of the journal; the same again, of an alert that leaves no other trace, is counted in it.

In which line is remembered in the process, as a guess that decides nothing: a line that is no longer there, or about
something else, is followed by a new one. Who reads puts together what two processes counted. Of a flood, counts are
held for `HOLD_SECONDS`, then written together; `kill -9` may cost those, and no line.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from itertools import count

from booty.observability.alerts.filters import History, Verdict, novelty
from booty.observability.alerts.keeping.kept import kept
from booty.observability.alerts.limits import cut
from booty.observability.alerts.occurrence import Occurrence
from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.engines.engine import About, Engine, NotStored, Result, Shelf, Work
from booty.observability.ledger.engines.records import Record
from booty.observability.ledger.journal.later import Later
from booty.observability.ledger.journal.lines import Pen, place_of
from booty.observability.ledger.journal.open_lines import OpenLines

TRACELESS = frozenset({Verdict.BELOW_SEVERITY, Verdict.NOT_HANDLED, Verdict.NO_ROUTE, Verdict.REPEATED})
HOW = {"is_reconciled": "reconciled", "is_test": "test"}
"""How an alert came that no rule of Sentry's sent."""
SAID = ("project", "rule", "release", "sentry_url")
"""What a line says of an alert, as it is stored."""
HOLD_SECONDS = 0.2
TITLE = 100


class Decisions:
    """Notes what is decided; `is_masked`: no personal data is stored."""

    def __init__(self, engine: Engine, *, is_masked: bool) -> None:
        """Write through `engine` what is held; know nothing yet."""
        self._engine = engine
        self._is_masked = is_masked
        self._open = OpenLines(hold_seconds=HOLD_SECONDS)
        self._pen = Pen()
        self._later = Later(self._write)

    def reads(self, fingerprint: str, *, now: float) -> tuple[str, ...]:
        """Return which records a note about that problem will ask for."""
        number = self._open.written_before(fingerprint, now=now)
        return () if number is None else (place_of(number),)

    def transact(
        self, work: Work[Result], *, reads: tuple[str, ...] = (), about: About = None, is_lasting: bool = True
    ) -> Result:
        """Run a transaction that notes what it decides: see `Engine`. Raises `NotStored`."""
        runs = count()

        def anew(shelf: Shelf) -> Result:
            if next(runs) > 0:  # the first run was undone, with the numbers that it was given
                self._pen.drop()
            return work(shelf)

        self._pen.fill(self._engine)
        try:
            return self._engine.transact(anew, reads=reads, about=about, is_lasting=is_lasting)
        except NotStored:
            self._pen.drop()
            raise

    def flush(self) -> None:
        """Write what is held."""
        self._later.now()

    def hold(
        self, alert: Occurrence, verdict: Verdict, *, name: str, because: Mapping[str, object], now: float
    ) -> int | None:
        """Count the verdict without writing, if its line was written a moment ago; return that line's number."""
        number = self._open.hold(name, (verdict, *because.values()), alert.event, now=now)
        if number is not None:
            self._later.within(HOLD_SECONDS)
        return number

    def note(  # noqa: PLR0913 - what is known of a decision, by names
        self,
        shelf: Shelf,
        alert: Occurrence,
        verdict: Verdict,
        *,
        name: str,
        history: History | None = None,
        stored: Record | None = None,
        because: Mapping[str, object] | None = None,
        now: float,
    ) -> int:
        """Note the verdict about an alert of the problem called `name`; return the number of the line.

        `stored` is the alert as it is owed; `because` what else the decision was about.
        """
        known = dict(because or {})
        if history is not None:
            since = {"since": history.claimed_at}
            known |= {"because": novelty(alert, history, now)} if verdict.is_accepted else since
        if verdict in TRACELESS:
            what = (verdict, *known.values())
            number = self.hold(alert, verdict, name=name, because=known, now=now)
            number = self._open.count(shelf, name, what, alert.event, now=now) if number is None else number
            if number is not None:
                return number
        line = {"at": now, "fingerprint": name, "verdict": verdict.value, "event": alert.event, **known}
        line |= self._words(alert, stored)
        number = self._pen.append(shelf, line)
        if verdict in TRACELESS:
            self._open.begin(name, (verdict, *known.values()), number, now=now)
        return number

    def note_change(self, shelf: Shelf, change: StatusChange, *, because: str | None, now: float) -> int:
        """Note a status change; `because` says why it is shown nowhere. Return the number of the line."""
        line = {
            "at": now,
            "fingerprint": change.fingerprint,
            "verdict": (Verdict.NOT_HANDLED if because else Verdict.ACCEPTED).value,
            "change": change.change,
            "event": change.key,
            "because": because,
            "actor": change.actor,
            "release": change.release,
            "short_id": change.short_id,
            "sentry_url": change.sentry_url,
        }
        return self._pen.append(shelf, {field: value for field, value in line.items() if value is not None})

    def _words(self, alert: Occurrence, stored: Record | None) -> Record:
        """Return what the line says of the alert, fit to be stored."""
        if stored is None:
            texts = {"project": alert.project, "rule": alert.rule, "title": alert.title, "release": alert.release}
            stored = kept(texts | {"sentry_url": alert.sentry_url}, is_masked=self._is_masked)
        words = {field: said for field in SAID if (said := stored.get(field)) is not None}
        words["severity"] = alert.severity.value
        if (title := cut(stored.get("title"), TITLE)) is not None:
            words["title"] = title
        for field, how in HOW.items():
            if stored.get(field):
                return words | {"how": how}
        return words

    def _write(self) -> None:
        """Write what is held; what cannot be written is lost."""
        with suppress(NotStored):
            self._engine.transact(self._open.write, about="", is_lasting=False)
