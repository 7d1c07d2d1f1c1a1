"""What many alerts of one problem count together, when none of them says anything new."""

from __future__ import annotations

from dataclasses import dataclass, field

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import happened_at
from booty.observability.alerts.occurrence import Occurrence
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import HISTORY, shaped
from booty.observability.ledger.journal.repeats import count_more
from booty.observability.ledger.problems.counting import counted
from booty.observability.ledger.problems.event_ids import add_events, book_of
from booty.observability.ledger.problems.standing import standing_in
from booty.observability.ledger.schedule.due import move
from booty.observability.ledger.unreported import keep_in_mind, owe_unreported


@dataclass(slots=True)
class Batch:
    """Alerts that cooled down, each an event of its own; times are unix seconds. `line` is the journal's."""

    line: int
    events: dict[str, float] = field(default_factory=dict)
    """When each happened, by the digits that it is known by."""
    last: Alert | None = None
    """The one that is kept in mind: the last to happen of those in no release, which tell most, else of all."""
    tells: tuple[bool, float] = (False, 0.0)
    """Whether that one is in no release, and when it happened."""
    newest: float = 0.0
    at: float = 0.0

    def add(self, alert: Occurrence, digits: str, now: float) -> None:
        """Count one more."""
        self.events[digits] = happened = happened_at(alert, now)
        self.newest = max(self.newest, min(alert.occurred_at.timestamp(), now) if alert.occurred_at else now)
        self.at = now
        if self.last is not None and (not alert.release, happened) < self.tells:
            return
        self.tells = (not alert.release, happened)
        self.last = Alert(
            fingerprint=alert.fingerprint,
            event=alert.event,
            severity=alert.severity,
            release=alert.release,
            environment=alert.environment,
            occurred_at=alert.occurred_at,
        )

    def absorb(self, later: Batch) -> None:
        """Count those of another batch as well."""
        self.events |= later.events
        self.newest, self.at = max(self.newest, later.newest), later.at
        if later.tells >= self.tells:
            self.last, self.tells = later.last, later.tells


def reads_of(name: str, batch: Batch) -> set[str]:
    """Return the keys that writing a batch asks for."""
    return {f"alert/{name}", *(book_of(name, digits) for digits in batch.events)}


def write(shelf: Shelf, name: str, batch: Batch) -> None:
    """Count the alerts of a batch, unless the problem was forgotten meanwhile."""
    record = shaped(shelf.get(f"alert/{name}"), HISTORY)
    if "claimed_at" not in record or batch.last is None:
        return
    new, known = add_events(shelf, name, batch.events, known=record.get("events_known", 0))
    if new == 0:
        return
    after = count_more(shelf, record, name, line=batch.line, times=new, until=batch.at)
    after = keep_in_mind(after, batch.last, batch.tells[1], line=batch.line)
    after = counted(after, batch.last, batch.at)
    after |= {
        "count": after["count"] + new - 1,
        "occurred_at": max(after["occurred_at"], batch.newest),
        "last_seen": max(record.get("last_seen", 0.0), batch.at),
        "events_known": known,
    }
    if record.get("state") == "owed":
        move(shelf, name, record, after)
    shelf[f"alert/{name}"] = after
    if standing_in(after).closed_at is not None:  # it was learned while they were held
        owe_unreported(shelf, name, batch.at)
