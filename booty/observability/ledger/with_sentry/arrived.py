"""Which of Sentry's problems arrived here, of which projects anything did."""

from __future__ import annotations

from collections.abc import Iterable

from booty.observability.alerts.listed_problem import ListedProblem
from booty.observability.ledger.engines.engine import Engine, Shelf
from booty.observability.ledger.engines.records import HISTORY, Record, shaped
from booty.observability.ledger.problems.aliases import known_as

SAME_SECONDS = 1.0
"""Two times of one event, of which one may be rounded."""


class Arrivals:
    """What the ledger knows of problems, for who compares it with Sentry. Every method raises `NotStored`."""

    def __init__(self, engine: Engine) -> None:
        """Use `engine`; nothing is opened yet."""
        self._engine = engine

    def projects(self, *, since: float) -> frozenset[str]:
        """Return the projects, as fingerprints name them, of which an alert came since then (unix seconds)."""
        return self._engine.transact(lambda shelf: _projects(shelf, since))

    def missing(self, problems: Iterable[ListedProblem]) -> tuple[ListedProblem, ...]:
        """Return those of which no alert came; of those that came back, none of their last event."""
        listed = tuple(problems)
        return self._engine.transact(lambda shelf: tuple(each for each in listed if not _is_known(shelf, each)))

    def came_since(self, problem: ListedProblem, *, since: float) -> bool:
        """Return whether an alert of the problem came after that time (unix seconds).

        If our clock is behind Sentry's it may say no to one that did: then it is a repetition, or cools down.
        """
        return self._engine.transact(lambda shelf: bool(_history(shelf, problem).get("last_seen", 0.0) >= since))


def _projects(shelf: Shelf, since: float) -> frozenset[str]:
    found: set[str] = set()
    for key in shelf.under("alert/"):
        project = key.removeprefix("alert/").partition(":")[0]
        if project not in found and _is_recent(shaped(shelf.get(key), HISTORY), since):
            found.add(project)
    return frozenset(found)


def _is_recent(record: Record, since: float) -> bool:
    return "claimed_at" in record and record.get("last_seen", 0.0) >= since


def _is_known(shelf: Shelf, problem: ListedProblem) -> bool:
    record = _history(shelf, problem)
    if "claimed_at" not in record:
        return False
    return not problem.is_back or bool(record.get("occurred_at", 0.0) >= problem.last_seen - SAME_SECONDS)


def _history(shelf: Shelf, problem: ListedProblem) -> Record:
    name = known_as(shelf, problem.alert.fingerprint, problem.alert.aliases)
    return shaped(shelf.get(f"alert/{name}"), HISTORY)
