"""The words of `status`: what an operator reads, what a machine reads, and whether a person is needed.

Texts from outside, such as GitHub's words, are shown with nothing that could steer a terminal.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from booty.observability.alerts.sentry_pages import SentryPages
from booty.observability.config_errors import UnknownName
from booty.observability.ledger.inspection import Findings, Owed, Refused
from booty.observability.ledger.schedule.jobs import Stop
from booty.observability.text.moments import iso

CANDIDATE = "BOOTY_CANDIDATE is set: this release FILES NOTHING"


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


def as_text(status: Status) -> str:
    """Return the status for a person."""
    return "\n".join(plain(line) for line in _lines(status))


def as_json(status: Status) -> str:
    """Return the status for a machine; names are only ever added."""
    found = status.findings
    return json.dumps(
        {
            "owed": found.owed,
            "pause": found.pause and {"until": iso(found.pause.until), "reason": found.pause.reason},
            "refused": [_refused(each, status.pages) for each in found.refused],
            "waiting": [_waiting(each, status) for each in found.waiting],
            "failures": found.failures,
            "last_failure": found.failed_for if found.failures else None,
            "stopped": found.stop and _stopped(found.stop),
            "due_since": iso(found.due_since) if found.due_since else None,
            "needs_person": list(status.troubles),
            "ledger": found.ledger and str(found.ledger),
            "free_bytes": found.free_bytes,
            "candidate": status.is_candidate,
            "unknown_settings": [{"name": each.name, "nearest": each.nearest} for each in status.unknown_names],
        }
    )


def plain(text: str) -> str:
    """Return `text` with every character spelt out that is not simply shown."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def _troubles(status: Status) -> Iterator[str]:
    found = status.findings
    if found.stop is not None:
        yield f"deliveries are stopped since {iso(found.stop.since)}: {found.stop.reason}; {found.stop.remedy}"
    if found.is_late and found.due_since:
        yield f"due since {iso(found.due_since)}, and nobody delivers it: is the service running?"
    if found.damage is not None:
        yield f"the ledger is damaged: {found.damage}; the service sets it aside with the next alert"
    if found.unwritable is not None:
        yield f"{found.unwritable}: alerts are refused"
    for name in found.set_aside:
        yield f"{name} could not be read, and may hold alerts: keep it, or remove it"
    if found.lacks_space:
        yield f"only {(found.free_bytes or 0) // 1024} KiB are free: alerts are refused where there is no room for them"
    if found.refused:
        yield f"GitHub refused {len(found.refused)}: fix the cause, then: python -m booty retry --all"


def _lines(status: Status) -> Iterator[str]:
    found = status.findings
    yield f"{found.owed} owed, {len(found.refused)} refused"
    if found.ledger is None:
        yield f"no ledger yet in {status.directory.absolute()}"
    yield from _hold_ups(found)
    for owed in found.waiting:
        yield from _owed_lines(owed, status)
    if found.owed > len(found.waiting):
        yield f"and {found.owed - len(found.waiting)} more"
    for letter in found.refused:
        yield f"refused {iso(letter.refused_at)}  {letter.fingerprint}{_shown(letter.sentry_url, status.pages)}"
        yield f"    {letter.reason}"
    for unknown in status.unknown_names:
        yield f"setting {unknown.name} is not known and does nothing{unknown.hint}"
    if status.is_candidate:
        yield CANDIDATE
    for trouble in status.troubles:
        yield f"! {trouble}"


def _hold_ups(found: Findings) -> Iterator[str]:
    if found.stop is not None:
        again = iso(found.stop.next_at)
        yield f"stopped; GitHub is asked again at {again}, at once with a new token or: python -m booty retry --all"
    elif found.pause is not None:
        failures = f", failures in a row: {found.failures}" if found.failures else ""
        yield f"paused until {iso(found.pause.until)}: {found.pause.reason}{failures}"
    elif found.failures:
        calls = "call" if found.failures == 1 else f"{found.failures} calls"
        yield f"the last {calls} to GitHub failed: {found.failed_for or 'why is not known'}"


def _owed_lines(owed: Owed, status: Status) -> Iterator[str]:
    since = f"{iso(owed.since)} ({_age(status.now - owed.since)})" if owed.since else "some time ago"
    yield f"owed since {since}  {owed.fingerprint}{_shown(owed.sentry_url, status.pages)}"
    if owed.is_doubtful:
        yield "    a call to GitHub was begun, and its outcome is not known yet"


def _waiting(owed: Owed, status: Status) -> dict[str, Any]:
    return {
        "fingerprint": owed.fingerprint,
        "since": iso(owed.since) if owed.since else None,
        "age_seconds": round(status.now - owed.since) if owed.since and isfinite(owed.since) else None,
        "is_doubtful": owed.is_doubtful,
        "sentry_url": _link(owed.sentry_url, status.pages),
    }


def _refused(letter: Refused, pages: SentryPages) -> dict[str, Any]:
    return {
        "fingerprint": letter.fingerprint,
        "refused_at": iso(letter.refused_at),
        "reason": letter.reason,
        "sentry_url": _link(letter.sentry_url, pages),
    }


def _stopped(stop: Stop) -> dict[str, Any]:
    times = {"since": iso(stop.since), "next_at": iso(stop.next_at)}
    return times | {"reason": stop.reason, "remedy": stop.remedy, "tries": stop.tries}


def _link(url: str | None, pages: SentryPages) -> str | None:
    """Return the address of a problem's page if it is one of the Sentry that is set."""
    return pages.link(url) if url else None


def _shown(url: str | None, pages: SentryPages) -> str:
    link = _link(url, pages)
    return f"  {link}" if link else ""


def _age(seconds: float) -> str:
    if not isfinite(seconds):
        return "of unknown age"
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{int(seconds // length)} {unit}"
    return f"{max(int(seconds), 0)} s"
