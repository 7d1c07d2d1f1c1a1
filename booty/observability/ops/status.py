"""The status of the service: what was found in its ledger, whether a person is needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from booty.observability.alerts.sentry_pages import SentryPages
from booty.observability.config_errors import UnknownName
from booty.observability.ledger.findings import Findings
from booty.observability.text.moments import iso


@dataclass(frozen=True, slots=True)
class Status:
    """What was found in `directory` at `now` (unix seconds), and what the settings say about it."""

    directory: Path
    findings: Findings
    unknown_names: tuple[UnknownName, ...]
    is_candidate: bool
    pages: SentryPages
    now: float

    @property
    def troubles(self) -> tuple[str, ...]:
        """What a person has to put right."""
        return tuple(_troubles(self))


def _troubles(status: Status) -> Iterator[str]:
    found = status.findings
    yield from _of_store(found)
    if found.stop is not None:
        yield f"deliveries are stopped since {iso(found.stop.since)}: {found.stop.reason}; {found.stop.remedy}"
    for held in found.elsewhere:
        if held.stop is not None:
            of = ", ".join(held.repositories)
            yield f"deliveries to {of} are stopped since {iso(held.stop.since)}: {held.stop.reason}; {held.stop.remedy}"
    for refusal in found.digests_refused:
        yield f"the issue of a storm is refused: {refusal}"
    if found.is_late and found.due_since:
        yield f"due since {iso(found.due_since)}, but not delivered: is the service running?"
    if found.refused:
        yield f"GitHub refused {len(found.refused)}: fix the cause, then: booty retry --all"


def _of_store(found: Findings) -> Iterator[str]:
    """Yield what is wrong with the store under the ledger."""
    if found.unreached is not None:
        yield f"the ledger's database cannot be used: {found.unreached}; alerts wait on this machine's disk"
    if found.damage is not None:
        yield f"the ledger is damaged: {found.damage}; an alert that comes upon that sets it aside"
    if found.unwritable is not None:
        yield f"{found.unwritable}: alerts are refused"
    for name in found.set_aside:
        yield f"{name} could not be read, and may hold alerts: keep it, or remove it"
    if found.lacks_space:
        yield f"only {(found.free_bytes or 0) // 1024} KiB are free: alerts are refused where there is no room for them"
