"""What the operator is shown of a state directory: what waits, what was refused, what holds deliveries up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from booty.observability.ledger.schedule.jobs import Pause, Stop

LEAST_SPACE = 1024 * 1024
"""Bytes; the log of several alerts is written before it shrinks."""


@dataclass(frozen=True, slots=True)
class WaitingJob:
    """A job that waits: for which problem, since when (unix seconds, None when unknown), and its page in Sentry.

    `is_doubtful`: a post was begun whose outcome is not known.
    """

    fingerprint: str
    since: float | None
    is_doubtful: bool
    sentry_url: str | None


@dataclass(frozen=True, slots=True)
class Refused:
    """An alert that GitHub refused, with GitHub's words."""

    fingerprint: str
    reason: str
    refused_at: float
    sentry_url: str | None


@dataclass(frozen=True, slots=True)
class HeldUp:
    """What holds up the deliveries to some repositories (`owner/name`) alone; as in `Findings`."""

    repositories: tuple[str, ...]
    pause: Pause | None = None
    stop: Stop | None = None
    failures: int = 0
    failed_for: str | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """What the state directory holds; `ledger` is None where there is none yet.

    `owed` counts all that waits, `waiting` are the first that are due, oldest first; `due_since` is when the first of
    it was due, and `is_late` that nobody does it. `failures` counts the calls to GitHub that failed in a row, the last
    of them for `failed_for`; they, `pause` and `stop` are of the settings' repository and token, `elsewhere` are those
    of others. `damage` says why the ledger cannot be read,
    `unwritable` why the service cannot write to it, `set_aside` names those that could not be read before, `free_bytes`
    is the room that is left, `unreached` why a database cannot be asked, `spooled` how many wait for it on this machine
    since when. Of today's issues, `handed_over` were counted by the budget, `held_back` had to wait because of it.
    `digests` are those of storms that go on: the repository where it is not the home's, the issue, 0 while it is yet to
    be made, how many problems share it; `digests_refused` why issues of theirs are, with what helps.
    """

    ledger: Path | str | None = None
    owed: int = 0
    waiting: tuple[WaitingJob, ...] = ()
    refused: tuple[Refused, ...] = ()
    pause: Pause | None = None
    stop: Stop | None = None
    due_since: float | None = None
    is_late: bool = False
    failures: int = 0
    failed_for: str | None = None
    elsewhere: tuple[HeldUp, ...] = ()
    handed_over: int = 0
    held_back: int = 0
    digests: tuple[tuple[str | None, int, int], ...] = ()
    digests_refused: tuple[str, ...] = ()
    damage: str | None = None
    unwritable: str | None = None
    set_aside: tuple[str, ...] = ()
    free_bytes: int | None = None
    unreached: str | None = None
    spooled: tuple[int, float | None] = (0, None)

    @property
    def lacks_space(self) -> bool:
        """Alerts are refused, or soon will be, since there is no room for them."""
        return self.free_bytes is not None and self.free_bytes < LEAST_SPACE
