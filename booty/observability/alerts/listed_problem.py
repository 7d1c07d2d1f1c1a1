"""A problem as Sentry's list shows it, of which no alert may have come."""

from __future__ import annotations

from dataclasses import dataclass

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import Verdict


@dataclass(frozen=True, slots=True)
class ListedProblem:
    """A problem that Sentry knows; times are unix seconds.

    `number` is Sentry's own id of it, `slug` its project's. `alert` says what the list alone knows, without an event.
    """

    number: str
    slug: str | None
    alert: Alert
    first_seen: float
    last_seen: float

    @property
    def project(self) -> str:
        """The project, as fingerprints name it."""
        return self.alert.fingerprint.partition(":")[0]

    @property
    def is_back(self) -> bool:
        """Whether it was resolved before, then seen again."""
        return self.alert.is_regression

    @property
    def seen_at(self) -> float:
        """When it began, or was seen again, as far as the list says."""
        return self.last_seen if self.is_back else self.first_seen


@dataclass(frozen=True, slots=True)
class Found:
    """A problem that had not arrived; `verdict` is what was decided about it, None when nothing was to be claimed."""

    problem: ListedProblem
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, oldest first, with those that are left for another cycle."""

    found: tuple[Found, ...] = ()
    left: tuple[ListedProblem, ...] = ()
