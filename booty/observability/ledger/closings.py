"""What is remembered of closings in a repository: how far they were read, how the issues stand, which Sentry knows of.

It shares the ledger's engine, `issue/<number>` and `alert/<fingerprint>`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from booty.observability.alerts.issue import MUTE, Issue, Standing
from booty.observability.ledger.engines.engine import Engine, Shelf
from booty.observability.ledger.engines.records import HISTORY, PLACE, Record, shaped
from booty.observability.ledger.problems.standing import learn
from booty.observability.ledger.repositories.home import UNNAMED, Home
from booty.observability.ledger.repositories.names import issue_key
from booty.observability.ledger.schedule.gate import LONGEST_PAUSE_SECONDS, gate_in, is_ahead, stop_in
from booty.observability.ledger.schedule.gates import HOME, Gates
from booty.observability.ledger.unreported import owe_unreported

KEY = "closings"


@dataclass(frozen=True, slots=True)
class Place:
    """Where reading goes on: changes from `since` on (ISO 8601, UTC), the ETag of the page that was read last."""

    since: str
    etag: str | None


class ClosingBook:
    """The records behind one engine; times are unix seconds. Every method raises `NotStored`."""

    def __init__(
        self, engine: Engine, *, home: Home = UNNAMED, repository: str | None = None, gates: Gates = HOME
    ) -> None:
        """Use `engine`; nothing is opened yet. `repository` is whose closings they are, None: that of the settings.

        `gates` are the gates on the way there.
        """
        self._engine = engine
        self._gates = gates
        self._home, self._repository = home, repository

    def begin_cycle(self, *, now: float, seconds: float) -> Place | None:
        """Begin a cycle; None when one began less than `seconds` ago, in whatever worker, or GitHub is left alone.

        The first one reads from `seconds` ago on: a service that just started had no earlier chance.
        """

        def work(shelf: Shelf) -> Place | None:
            first: Record = {"since": f"{datetime.fromtimestamp(now - seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"}
            key = self._key(shelf)
            book = first | shaped(shelf.get(key), PLACE)
            gate = gate_in(shelf, self._gates)
            is_paused = is_ahead(gate.get("paused_until", 0.0), now, within=LONGEST_PAUSE_SECONDS)
            if is_paused or stop_in(gate) is not None or 0 <= now - book.get("began_at", -seconds) < seconds:
                return None
            shelf[key] = book | {"began_at": now}
            return Place(book["since"], book.get("etag"))

        return self._engine.transact(work)

    def end_cycle(self, *, since: str, etag: str | None) -> None:
        """Go on from there the next time."""

        def work(shelf: Shelf) -> None:
            key = self._key(shelf)
            shelf[key] = shaped(shelf.get(key), PLACE) | {"since": since, "etag": etag}

        self._engine.transact(work)

    def learn(self, issues: Iterable[Issue], *, as_of: float, now: float) -> None:
        """Note how our issues among `issues` stood at `as_of`, and owe to each what it should show since.

        A list may not say who closed an issue. Whether one that was closed as not planned is a person's mute is left to
        be seen when the next alert is shown in it.
        """
        standings = {
            issue.number: Standing(
                None if issue.is_open else issue.closed_at or as_of, issue.has(MUTE) or issue.is_duplicate, as_of
            )
            for issue in issues
        }

        def work(shelf: Shelf) -> None:
            for number, standing in standings.items():
                fingerprint: str | None = shelf.get(self._issue(shelf, number))
                record = shaped(shelf.get(f"alert/{fingerprint}"), HISTORY)
                if fingerprint is not None and record.get("issue") == number:
                    shelf[f"alert/{fingerprint}"] = learn(record, standing, now=now)
                    owe_unreported(shelf, fingerprint, now)

        self._engine.transact(work)

    def to_resolve(self, number: int) -> str | None:
        """Return the fingerprint of issue `number`, None when it is not ours or Sentry knows that it is resolved."""

        def work(shelf: Shelf) -> str | None:
            fingerprint: str | None = shelf.get(self._issue(shelf, number))
            record = shaped(shelf.get(f"alert/{fingerprint}"), HISTORY)
            is_unknown = record.get("issue") == number and not record.get("is_resolved_in_sentry", False)
            return fingerprint if is_unknown else None

        return self._engine.transact(work)

    def note_resolved(self, fingerprint: str) -> None:
        """Remember that Sentry knows that the problem is resolved."""

        def work(shelf: Shelf) -> None:
            record = shaped(shelf.get(f"alert/{fingerprint}"), HISTORY)
            shelf[f"alert/{fingerprint}"] = record | {"is_resolved_in_sentry": True}

        self._engine.transact(work)

    def _key(self, shelf: Shelf) -> str:
        return f"{KEY}{self._home.mark(shelf, self._repository)}"

    def _issue(self, shelf: Shelf, number: int) -> str:
        return issue_key(self._home.mark(shelf, self._repository), number)
