"""The watch's rounds, leased: every five minutes one worker tells how the pipe is.

Every worker looks every few seconds. What it noted since goes into the record `watch`, by which the workers agree.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from booty.observability.ledger.engines.engine import Engine, Shelf
from booty.observability.ledger.engines.records import Record, shaped
from booty.observability.ledger.pulse import Pulse
from booty.observability.ledger.schedule.gates import Gates
from booty.observability.ledger.schedule.hold_up import is_paused
from booty.observability.ledger.watch.notes import Notes
from booty.observability.ledger.watch.shapes import WATCH
from booty.observability.ledger.watch.token import expiry_in
from booty.observability.ledger.watch.troubles import Trouble, Watched
from booty.observability.ledger.watch.vitals import vitals_in

KEY = "watch"
LOOK_SECONDS = 5.0
PERIOD_SECONDS = 300.0
"""A worker tells how the pipe is at least that often, and as soon as it has changed."""
LEASE_SECONDS = 120.0
"""Longer than a round may take: five calls, and the pauses between them."""
LEAST_SECONDS = 10.0
"""How long between two rounds at least, whatever changes or fails."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the ledger shows, and whether it is time for a round in which those troubles would be told."""

    watched: Watched
    record: Record

    def is_due(self, troubles: Iterable[Trouble], now: float) -> bool:
        """Return whether it is time for a round at `now` (unix seconds)."""
        return _is_due(self.record, [each.kind for each in troubles], now)

    def is_untold(self, troubles: Iterable[Trouble], now: float) -> bool:
        """Return whether somebody is to be told of them, because they are others than before or time has passed."""
        return _is_untold(self.record, [each.kind for each in troubles], now)


class Rounds:
    """The watch's door to one ledger; times are unix seconds. Every method raises `NotStored`."""

    def __init__(self, engine: Engine, notes: Notes, *, token: str, others: Sequence[str] = ()) -> None:
        """Take what this process notes; `token` marks the token for GitHub, `others` those of routes."""
        self._engine = engine
        self._notes = notes
        self._token, self._tokens = token, (token, *others)
        self._pulse = Pulse(engine)

    def look(self, *, now: float) -> Look:
        """Write down what was noted, and return how the pipe is; an alert could be stored when this returns."""
        self._pulse.feel(now=now)
        return self._engine.transact(lambda shelf: self._look(shelf, now), is_lasting=False)

    def is_paused(self, gates: Gates, *, now: float) -> bool:
        """Return whether GitHub is to be left alone by those who go through these gates."""
        return self._engine.transact(lambda shelf: is_paused(shelf, gates, now), is_lasting=False)

    def begin(self, troubles: Iterable[Trouble], *, now: float) -> str | None:
        """Begin a round and return its name; None when another worker has begun one, or it is not time."""
        kinds, holder = [each.kind for each in troubles], uuid.uuid4().hex

        def work(shelf: Shelf) -> str | None:
            record = shaped(shelf.get(KEY), WATCH)
            if not _is_due(record, kinds, now):
                return None
            shelf[KEY] = record | {"began_at": now, "holder": holder}
            return holder

        return self._engine.transact(work)

    def note_refusal(self, *, is_refused: bool) -> None:
        """Remember whether GitHub refuses everything that is asked with this token."""
        refused = {"refused_token": self._token if is_refused else None}
        self._engine.transact(lambda shelf: shelf.update({KEY: shaped(shelf.get(KEY), WATCH) | refused}))

    def end(
        self, holder: str, troubles: Iterable[Trouble] | None, *, now: float, again_at: float | None = None
    ) -> None:
        """Remember what was told, None if nothing was; nothing, if another worker has begun a round since.

        `again_at` is when another round is needed, None if only by what the others are due for.
        """
        told = {} if troubles is None else {"told_at": now, "told": [each.kind for each in troubles]}

        def work(shelf: Shelf) -> None:
            record = shaped(shelf.get(KEY), WATCH)
            if record.get("holder") == holder:
                shelf[KEY] = record | told | {"holder": "", "again_at": again_at}

        self._engine.transact(work)

    def forget_told(self, *, before: float) -> None:
        """Have it told again how the pipe is, unless that was done since `before`."""

        def work(shelf: Shelf) -> None:
            record = shaped(shelf.get(KEY), WATCH)
            if record.get("told_at", 0.0) < before:
                shelf[KEY] = record | {"told_at": 0.0}

        self._engine.transact(work)

    def _look(self, shelf: Shelf, now: float) -> Look:
        record = shaped(shelf.get(KEY), WATCH)
        heard_at = max(self._notes.heard_at, record.get("heard_at", 0.0)) or now  # both count from the first look on
        moved_at = max(self._notes.moved_at, record.get("moved_at", 0.0)) or now
        shelf[KEY] = record = record | {"heard_at": min(heard_at, now), "moved_at": min(moved_at, now)}
        is_refused = record.get("refused_token") == self._token
        watched = Watched(
            vitals_in(shelf, now), record["heard_at"], record["moved_at"], expiry_in(shelf, *self._tokens), is_refused
        )
        return Look(watched, record)


def _is_due(record: Record, kinds: Sequence[str], now: float) -> bool:
    began = now - record.get("began_at", 0.0)
    if 0 <= began < (LEASE_SECONDS if record.get("holder") else LEAST_SECONDS):
        return False
    again_at = record.get("again_at")
    return _is_untold(record, kinds, now) or (again_at is not None and again_at <= now)


def _is_untold(record: Record, kinds: Sequence[str], now: float) -> bool:
    is_time = not 0 <= now - record.get("told_at", 0.0) < PERIOD_SECONDS - LOOK_SECONDS
    return is_time or list(kinds) != record.get("told")
