"""The door of whoever verifies closings: each is looked at in its time, one worker writes that it is verified."""

from __future__ import annotations

from collections.abc import Iterable

from booty.observability.alerts.issue import Issue
from booty.observability.ledger.engines.engine import Engine, Shelf
from booty.observability.ledger.engines.records import Record
from booty.observability.ledger.releases.closed_issues import closing_in, due, end, note_closing, put
from booty.observability.ledger.releases.verification import Verification, verification_of
from booty.observability.ledger.releases.watched import step_of, view
from booty.observability.ledger.repositories.home import UNNAMED, Home
from booty.observability.ledger.repositories.names import issue_key
from booty.observability.ledger.schedule import gate
from booty.observability.ledger.schedule.gates import HOME, Gates
from booty.observability.ledger.schedule.jobs import Attempt, Pause

KEEP_SECONDS = 30 * 24 * 3600.0
"""How much longer than it has to stay away, a problem is remembered after the closing."""
RETRY_SECONDS = 5.0
"""How long to wait for the gate while another delivery is under way."""
NOT_KEPT = frozenset({"lease", "attempted_at", "looks"})


class VerifyingBook:
    """The closings of one repository; times are unix seconds. Every method raises `NotStored`."""

    def __init__(
        self,
        engine: Engine,
        *,
        verify_seconds: float,
        home: Home = UNNAMED,
        repository: str | None = None,
        gates: Gates = HOME,
    ) -> None:
        """Use `engine`; nothing is opened yet. A problem must stay away for `verify_seconds`; see `ClosingBook`."""
        self._engine = engine
        self._seconds = verify_seconds
        self._home, self._repository, self._gates = home, repository, gates

    def note(self, issues: Iterable[Issue], *, now: float) -> None:
        """Note which of our `issues`, as they were just read, were closed as completed, and which no longer are."""
        read, keep_seconds = tuple(issues), self._seconds + KEEP_SECONDS

        def work(shelf: Shelf) -> None:
            mark = self._home.mark(shelf, self._repository)
            for issue in read:
                name = shelf.get(issue_key(mark, issue.number))
                if isinstance(name, str):
                    note_closing(shelf, name, issue, now=now, keep_seconds=keep_seconds)

        self._engine.transact(work)

    def take(self, *, now: float) -> Verification | None:
        """Look at the closings that are due; lease the first that is to be called verified, or needs a proof."""

        def work(shelf: Shelf) -> Verification | None:
            mark = self._home.mark(shelf, self._repository)
            for name, record in due(shelf, mark, now):
                if (taken := self._look(shelf, name, record, now)) is not None:
                    return taken
            return None

        return self._engine.transact(work)

    def _look(self, shelf: Shelf, name: str, record: Record, now: float) -> Verification | None:
        seen = view(shelf, name, record, now=now, verify_seconds=self._seconds)
        if seen.state == "ended":
            end(shelf, name, record)
            return None
        taken = verification_of(shelf, name, record, seen)
        if seen.state == "ready" and gate.closed_until(shelf, self._gates, now) is None:
            begun = {"lease": taken.lease, "attempted_at": record.get("attempted_at", now)}
            put(shelf, name, seen.record | begun, at=now + gate.LEASE_SECONDS)
            gate.hold(shelf, self._gates, gate.gate_in(shelf, self._gates), taken.lease, now)
            return taken
        put(shelf, name, seen.record, at=now + (RETRY_SECONDS if seen.state == "ready" else step_of(self._seconds)))
        return taken if seen.state == "unproven" else None

    def renew(self, taken: Verification, *, now: float) -> bool:
        """Hold it for another lease; False when somebody else may have it, or it is not to be verified any more."""

        def work(shelf: Shelf) -> bool:
            record = closing_in(shelf, taken.name)
            if record.get("lease") != taken.lease or not gate.hold_longer(shelf, self._gates, taken.lease, now):
                return False
            if view(shelf, taken.name, record, now=now, verify_seconds=self._seconds).state != "ready":
                return False
            put(shelf, taken.name, record, at=now + gate.LEASE_SECONDS)
            return True

        return self._engine.transact(work)

    def settle(self, taken: Verification, *, now: float, is_verified: bool) -> None:
        """End it: the issue says so, or is not to say it."""

        def work(shelf: Shelf) -> None:
            gate.open_gate(shelf, self._gates, taken.lease, now, is_proof=is_verified)
            record = closing_in(shelf, taken.name)
            if record.get("lease") == taken.lease:
                end(shelf, taken.name, record)
                if is_verified:
                    shelf[f"alert/{taken.name}"] |= {"verified": taken.closed_at}

        self._engine.transact(work)

    def hear(self, taken: Verification, *, at: float, now: float) -> None:
        """Let the quiet begin anew: the problem was seen then, though no alert of it came."""

        def work(shelf: Shelf) -> None:
            gate.open_gate(shelf, self._gates, taken.lease, now, is_proof=False)
            record = closing_in(shelf, taken.name)
            if record.get("lease") == taken.lease:
                kept = {field: value for field, value in record.items() if field not in NOT_KEPT}
                watched = min(record.get("watched", 0.0), max(now - at, 0.0))
                put(shelf, taken.name, kept | {"watched": watched}, at=now + step_of(self._seconds))

        self._engine.transact(work)

    def postpone(
        self, taken: Verification, *, until: float, attempt: Attempt | None, pause: Pause | None = None, now: float
    ) -> None:
        """Look at it again at `until`, with what is known of its comment; `pause` when the call failed."""

        def work(shelf: Shelf) -> None:
            gate.open_gate(shelf, self._gates, taken.lease, now, pause=pause, is_proof=False)
            record = closing_in(shelf, taken.name)
            if record.get("lease") == taken.lease:
                kept = {field: value for field, value in record.items() if field not in NOT_KEPT}
                doubt = {"attempted_at": attempt.began_at, "looks": attempt.looks} if attempt else {}
                put(shelf, taken.name, kept | doubt, at=until)

        self._engine.transact(work)
