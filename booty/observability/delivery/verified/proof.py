"""Whether the releases that came after a closing can hold its fix, as far as the repository tells."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from booty.observability.alerts.issue import Closer
from booty.observability.alerts.release import commit_of
from booty.observability.delivery.code_search.newest import NOBODY, Lineage, Sightings
from booty.observability.ledger.releases.verification import Verification
from booty.observability.ledger.repositories.names import plain


class Trusting(Protocol):
    """What finds out, and has remembered, which commits are the repository's own; `code_search` implements it."""

    def trusted(self, commits: Collection[str], *, now: float) -> frozenset[str]:
        """Return those of `commits` that are, as far as is known in time (`now` in unix seconds)."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Asks one repository; and Sentry, by `sightings`, of what never came here."""

    source: Lineage
    trusting: Trusting
    sightings: Sightings = NOBODY

    def heard_at(self, taken: Verification) -> float | None:
        """Return when Sentry saw the problem last (unix seconds), if it says so. Raises `SentryTrouble`."""
        return self.sightings.of(plain(taken.name)).last

    def find(self, taken: Verification, *, now: float) -> None:
        """Have it found out whether the releases are the repository's own; a later look knows."""
        self.trusting.trusted({each.commit for each in taken.releases if not each.is_own}, now=now)

    def holds(self, taken: Verification, closer: Closer | None) -> bool:
        """Return whether each release came after those with the problem, and holds the commit that closed the issue.

        Raises `Refused`, `Postponed`, `Unknown`.
        """
        before = [commit for name in taken.seen_in[-1:] if (commit := commit_of(name))]
        fix = [closer.commit] if closer is not None and closer.commit is not None else []
        return all(
            each.commit not in before
            and all(self.source.is_before(commit, each.commit) for commit in before)
            and all(commit == each.commit or self.source.is_before(commit, each.commit) for commit in fix)
            for each in taken.releases
        )
