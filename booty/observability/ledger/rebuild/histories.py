"""The history of a problem, written from what its issue still says.

It holds what keeps the next alert from becoming a second issue: which issue it is, how it stands, what it was told. Of
its releases and events only the first are on the page: an alert from a later one counts as the first from there.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from booty.observability.alerts.issue import IssueRef, Standing
from booty.observability.alerts.severity import Severity
from booty.observability.ledger.engines.engine import Shelf, sortable
from booty.observability.ledger.engines.records import HISTORY, Record, shaped
from booty.observability.ledger.problems.event_ids import CountedEvents
from booty.observability.ledger.repositories.names import issue_key


@dataclass(frozen=True, slots=True)
class Remembered:
    """A problem as its issue tells it; times are unix seconds."""

    fingerprint: str
    event: str
    issue: IssueRef
    standing: Standing
    severity: Severity | None
    count: int
    first_seen: float
    last_seen: float
    releases: tuple[str, ...]


def restore(shelf: Shelf, problem: Remembered, *, mark: str = "", forget_at: float) -> bool:
    """Write the history unless there is one; return whether it was written. `mark` is the repository's.

    Of several issues of one problem the newest open one counts, else the newest: the one that a person would look at.
    """
    name = f"{problem.fingerprint}{mark}"
    key = f"alert/{name}"
    known = shaped(shelf.get(key), HISTORY)
    if known and not _is_better(problem, known):
        return False
    shelf.pop(issue_key(mark, known.get("issue")), None)
    events = CountedEvents(shelf, name, problem.event)
    noted = known.get("events_known", 0)
    if not events.is_known:
        noted = events.add(happened_at=problem.first_seen, known=noted)
    shelf[key] = _record(problem, forget_at=forget_at) | {"events_known": noted}
    shelf[issue_key(mark, problem.issue.number)] = name
    shelf[f"forget/{sortable(forget_at)}/{name}"] = 1
    return not known


def _is_better(problem: Remembered, known: Record) -> bool:
    """Return whether its issue rather than the known one is the problem's; what an alert came to stays as it is."""
    if not known.get("is_rebuilt") or known.get("last_seen") != known.get("settled_at"):
        return False
    is_open = problem.standing.closed_at is None
    was_open = shaped(known.get("standing"), {"closed_at": float}).get("closed_at") is None
    return (is_open, problem.issue.number) > (was_open, known.get("issue", 0))


def _record(problem: Remembered, *, forget_at: float) -> Record:
    level = {} if problem.severity is None else {"worst": problem.severity.value}
    told = {} if problem.severity is None else {"severity": problem.severity.value}
    return {
        "is_rebuilt": True,
        "state": "filed",
        "claimed_at": problem.last_seen,
        "settled_at": problem.last_seen,
        "first_seen": problem.first_seen,
        "last_seen": problem.last_seen,
        "occurred_at": problem.last_seen,
        "count": problem.count,
        "releases": dict.fromkeys(problem.releases, problem.first_seen),
        "issue": problem.issue.number,
        "url": problem.issue.url,
        "standing": asdict(problem.standing),
        "told": {"count": problem.count, "releases": list(problem.releases), **told},
        "forget_at": forget_at,
        **level,
    }
