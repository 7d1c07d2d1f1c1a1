"""Which of Sentry's problems arrived here, of which projects anything did."""

from __future__ import annotations

from collections.abc import Iterable

from booty.observability.alerts.listed_problem import ListedProblem
from booty.observability.ledger.engines.engine import Engine, Shelf
from booty.observability.ledger.engines.records import HISTORY, Record, shaped
from booty.observability.ledger.problems.aliases import known_as
from booty.observability.ledger.repositories.home import marks_of

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
        return self._engine.transact(
            lambda shelf: any(each.get("last_seen", 0.0) >= since for each in _histories(shelf, problem))
        )


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
    claimed = [record for record in _histories(shelf, problem) if "claimed_at" in record]
    if not problem.is_back:
        return bool(claimed)
    return any(record.get("occurred_at", 0.0) >= problem.last_seen - SAME_SECONDS for record in claimed)


def _histories(shelf: Shelf, problem: ListedProblem) -> list[Record]:
    """Return what is known of the problem, in every repository that has it."""
    names = (problem.alert.fingerprint, *problem.alert.aliases)
    marked = [[f"{name}{mark}" for name in names] for mark in marks_of(shelf, names)]
    return [shaped(shelf.get(f"alert/{known_as(shelf, first, rest)}"), HISTORY) for first, *rest in marked]
