"""A closing that somebody is to do something about, as it was looked at."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import HISTORY, Record, shaped
from booty.observability.ledger.releases.live import LiveRelease
from booty.observability.ledger.releases.watched import View
from booty.observability.ledger.schedule.jobs import Attempt


@dataclass(frozen=True, slots=True)
class Verification:
    """A closing that is to be called verified, leased; while it is not `is_proven`, one whose releases need a proof.

    `releases` came after it and are live, `seen_in` are those that the problem was seen in; `attempt` is the comment of
    unknown outcome.
    """

    name: str
    issue: int
    closed_at: float
    lease: str
    releases: tuple[LiveRelease, ...]
    seen_in: tuple[str, ...]
    attempt: Attempt | None = None
    is_proven: bool = True


def verification_of(shelf: Shelf, name: str, record: Record, seen: View) -> Verification:
    """Return what a look at the closing of the problem of that name showed, under a new lease."""
    history = shaped(shelf.get(f"alert/{name}"), HISTORY)
    return Verification(
        name,
        record["issue"],
        record["closed_at"],
        uuid.uuid4().hex,
        seen.releases,
        tuple(history.get("releases", {})),
        Attempt(record["attempted_at"], record.get("looks", 0)) if record.get("attempted_at") else None,
        is_proven=seen.state == "ready",
    )
