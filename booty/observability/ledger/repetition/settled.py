"""What a record settles, so that one more alert of its problem may be counted with no look at the rest."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from math import inf

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import History
from booty.observability.alerts.occurrence import Occurrence
from booty.observability.alerts.severity import Severity
from booty.observability.ledger.engines.records import HELD, HISTORY, shaped
from booty.observability.ledger.journal.repeats import LONGEST_COUNT_SECONDS, quiet_of
from booty.observability.ledger.problems.counting import level
from booty.observability.ledger.problems.history import history_in

ANY = Alert(fingerprint="-", event="-", severity=Severity.ERROR)
"""An alert that says nothing by itself."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A problem whose record leaves nothing open but whether it cools down; times are unix seconds."""

    history: History
    """As it is for whatever says nothing new."""
    releases: Container[str]
    worst: Severity
    line: int
    """The journal's, in which repetitions are counted."""
    since: float
    until: float
    """While that line counts them."""

    def is_repeated_by(self, alert: Occurrence, now: float) -> bool:
        """Return whether an alert, if it cools down, would change nothing in the record but counts and times."""
        is_known = alert.release is None or alert.release in self.releases
        is_milder = self.worst.is_at_least(alert.severity)
        return is_known and is_milder and self.since <= now < self.until and self.history.newest <= now


def settled_in(stored: object) -> Settled | None:
    """Return what a stored record settles, None where more is to be seen to than counts."""
    record = shaped(stored, HISTORY)
    history = history_in(record, ANY, is_counted=False, release_seen_at=None, now=inf)
    worst, quiet = level(record.get("worst")), quiet_of(record)
    if history is None or worst is None or quiet is None:
        return None
    is_open = history.standing.closed_at is None and not history.standing.is_muted
    is_resolved = not {"resolved_at", "is_resolved_in_sentry"}.isdisjoint(record)
    if is_resolved or not is_open or "event" not in shaped(record.get("held"), HELD):
        return None
    since, line = quiet["at"], quiet["line"]
    return Settled(history, record.get("releases", {}), worst, line, since, since + LONGEST_COUNT_SECONDS)
