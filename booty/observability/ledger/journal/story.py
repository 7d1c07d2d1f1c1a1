"""All that the ledger knows of one problem, for whoever asks why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from booty.observability.alerts.issue import OPEN, Standing
from booty.observability.alerts.problem import Problem
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import HISTORY, WORK, shaped
from booty.observability.ledger.journal.entries import Line
from booty.observability.ledger.journal.finding import find
from booty.observability.ledger.journal.reading import lines_in
from booty.observability.ledger.problems.aliases import SHORT
from booty.observability.ledger.problems.known_problem import problem_of
from booty.observability.ledger.problems.standing import standing_in
from booty.observability.ledger.releases.closed_issues import closing_in
from booty.observability.ledger.releases.watched import is_same_closing
from booty.observability.ledger.repositories.home import marks_of
from booty.observability.ledger.repositories.names import plain, repository_in
from booty.observability.ledger.schedule.gate import gate_in, pause_in, stop_in
from booty.observability.ledger.schedule.gates import gates_in
from booty.observability.ledger.schedule.jobs import STATUS, Pause, Stop
from booty.observability.ledger.storm.state import digest_of


@dataclass(frozen=True, slots=True)
class Story:
    """What is known of a problem; times are unix seconds.

    `lines` are the journal's, oldest first. `problem` is None when nothing of it was ever to be filed; `claimed_at` is
    the claim that its cooldown counts from. `is_owed`: an alert or a change waits to be delivered, which `pause` or
    `stop` may hold up; `is_doubtful`: a call was begun whose outcome is not known. `refused_for` are GitHub's words,
    `elsewhere` the problem's names in other repositories; `digest` is the issue of a storm that it shares, 0 while that
    is yet to be made.
    """

    fingerprint: str
    lines: tuple[Line, ...]
    problem: Problem | None = None
    url: str | None = None
    standing: Standing = OPEN
    claimed_at: float | None = None
    is_owed: bool = False
    is_doubtful: bool = False
    refused_for: str | None = None
    refused_at: float | None = None
    short_id: str | None = None
    pause: Pause | None = None
    stop: Stop | None = None
    elsewhere: tuple[str, ...] = ()
    watched: float | None = None
    """For how many seconds it has been quiet since the closing that is to be verified; None when none is."""
    is_verified: bool = False
    digest: int | None = None


def story_of(shelf: Shelf, asked: str, *, now: float) -> Story | None:
    """Return what is known of the problem that is `asked` for, None when nothing is; see `finding.find`."""
    fingerprint = find(shelf, asked)
    if fingerprint is None:
        return None
    record = shaped(shelf.get(f"alert/{fingerprint}"), HISTORY)
    owed = [shaped(shelf.get(f"owed/{name}"), WORK) for name in (fingerprint, f"{STATUS}{fingerprint}")]
    refused = [shaped(shelf.get(f"refused/{name}"), WORK) for name in (fingerprint, f"{STATUS}{fingerprint}")]
    letter = next(filter(None, refused), {})
    gate = gate_in(shelf, gates_in(shelf, repository_in(fingerprint)))
    names = (name for name in record.get("aliases", ()) if isinstance(name, str) and name.startswith(SHORT))
    return Story(
        fingerprint,
        tuple(lines_in(shelf, now=now, about=fingerprint)),
        problem=problem_of(shelf, fingerprint, now) if "claimed_at" in record or "issue" in record else None,
        url=record.get("url") if isinstance(record.get("url"), str) else None,
        standing=standing_in(record),
        claimed_at=record.get("claimed_at"),
        is_owed=any(owed),
        is_doubtful=any("attempted_at" in job for job in owed),
        refused_for=letter.get("reason"),
        refused_at=letter.get("refused_at"),
        short_id=plain(next(names, SHORT)).removeprefix(SHORT) or None,
        pause=pause_in(gate, now),
        stop=stop_in(gate),
        elsewhere=tuple(_elsewhere(shelf, fingerprint)),
        watched=(closing := closing_in(shelf, fingerprint)).get("watched", 0.0 if closing else None),
        is_verified=is_same_closing(record.get("verified"), standing_in(record).closed_at),
        digest=digest_of(shelf, fingerprint),
    )


def _elsewhere(shelf: Shelf, name: str) -> Iterator[str]:
    fingerprint = plain(name)
    marked = (f"{fingerprint}{mark}" for mark in marks_of(shelf, (fingerprint,)))
    yield from (each for each in marked if each != name and f"alert/{each}" in shelf)
