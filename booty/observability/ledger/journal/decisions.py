"""A decision becomes a line of the journal; the same again, of an alert that leaves no other trace, is counted in it.

In which line is remembered in the process, as a guess that decides nothing: a line that is no longer there, or about
something else, is followed by a new one. Who reads puts together what two processes counted.
"""

from __future__ import annotations

from collections.abc import Mapping

from booty.observability.alerts.filters import History, Verdict, novelty
from booty.observability.alerts.keeping.kept import kept
from booty.observability.alerts.limits import cut
from booty.observability.alerts.occurrence import Occurrence
from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import Record
from booty.observability.ledger.journal.lines import Pen, line_at, place_of, short
from booty.observability.ledger.journal.repeats import LONGEST_COUNT_SECONDS

MOST_OPEN = 1_000
TRACELESS = frozenset({Verdict.BELOW_SEVERITY, Verdict.NOT_HANDLED, Verdict.REPEATED})
SAME = ("verdict", "since", "threshold")
"""What two decisions have in common that are counted in one line."""
UNCOUNTED = frozenset({Verdict.BELOW_SEVERITY, Verdict.NOT_HANDLED})
"""Of these no problem's record knows the events: the line knows the last `MOST_EVENTS`."""
MOST_EVENTS = 20
TITLE = 100


class Decisions:
    """Notes what is decided; `is_masked`: no personal data is stored."""

    def __init__(self, *, is_masked: bool) -> None:
        """Know nothing yet."""
        self._is_masked = is_masked
        self._open: dict[str, int] = {}
        self._pen = Pen()

    def reads(self, fingerprint: str) -> tuple[str, ...]:
        """Return which records a note about that problem will ask for."""
        number = self._open.get(fingerprint)
        return () if number is None else (place_of(number),)

    def drop(self) -> None:
        """Take nothing for written: a transaction failed."""
        self._pen.drop()

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
        line = {"at": now, "fingerprint": name, "verdict": verdict.value, "event": alert.event, **(because or {})}
        if history is not None and verdict is Verdict.NEWS:
            line["because"] = novelty(alert, history, now)
        elif history is not None and not verdict.is_accepted:
            line["since"] = history.claimed_at
        number = self._repeated(shelf, line)
        if number is None:
            number = self._pen.append(shelf, line | self._words(alert, stored))
            if verdict in TRACELESS:
                self._remember(name, number)
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

    def _repeated(self, shelf: Shelf, new: Record) -> int | None:
        """Count one more of the same; return the number of its line, None where there is none to count in."""
        open_line = self._open.get(new["fingerprint"])
        line = line_at(shelf, open_line, fingerprint=new["fingerprint"])
        if line is None or any(line.get(field) != new.get(field) for field in SAME):
            return None
        if not 0 <= new["at"] - line.get("at", 0.0) < LONGEST_COUNT_SECONDS:
            return None
        counted = line | {"times": line.get("times", 1) + 1, "until": new["at"]}
        if new["verdict"] in UNCOUNTED:
            counted["events"] = [*line.get("events", ()), short(new["event"])][-MOST_EVENTS:]
        number: int = line["number"]
        shelf[place_of(number)] = counted
        return number

    def _words(self, alert: Occurrence, stored: Record | None) -> Record:
        """Return what the line says of the alert, fit to be stored."""
        if stored is None:
            texts = {"project": alert.project, "rule": alert.rule, "title": alert.title, "release": alert.release}
            stored = kept(texts | {"sentry_url": alert.sentry_url}, is_masked=self._is_masked)
        words = {field: stored.get(field) for field in ("project", "rule", "release", "sentry_url")}
        words |= {"severity": alert.severity.value, "title": cut(stored.get("title"), TITLE)}
        return {field: value for field, value in words.items() if value is not None}

    def _remember(self, name: str, number: int) -> None:
        if len(self._open) >= MOST_OPEN and name not in self._open:
            self._open.clear()
        self._open[name] = number
