"""The status as a machine reads it; names are only ever added."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

from booty.observability.alerts.sentry_pages import SentryPages
from booty.observability.ledger.findings import Findings, HeldUp, Refused, WaitingJob
from booty.observability.ledger.repositories.names import place_of
from booty.observability.ledger.schedule.jobs import Pause, Stop
from booty.observability.ops.status import Status
from booty.observability.text.moments import iso


def as_json(status: Status) -> str:
    """Return the status for a machine; names are only ever added."""
    found = status.findings
    return json.dumps(
        {
            "owed": found.owed,
            "pause": found.pause and _paused(found.pause),
            "refused": [_refused(each, status.pages) for each in found.refused],
            "waiting": [_waiting(each, status) for each in found.waiting],
            "failures": found.failures,
            "last_failure": found.failed_for if found.failures else None,
            "stopped": found.stop and _stopped(found.stop),
            **({"elsewhere": [_held_up(each) for each in found.elsewhere]} if found.elsewhere else {}),
            **_handed_over(found),
            **({"storms": [_storm(*each) for each in found.digests]} if found.digests else {}),
            "due_since": iso(found.due_since) if found.due_since else None,
            "needs_person": list(status.troubles),
            "ledger": found.ledger and str(found.ledger),
            "free_bytes": found.free_bytes,
            **_database(found),
            "candidate": status.is_candidate,
            "unknown_settings": [{"name": each.name, "nearest": each.nearest} for each in status.unknown_names],
        }
    )


def _handed_over(found: Findings) -> dict[str, Any]:
    """Return what the day's budget counted, nothing where it counted nothing."""
    if not (found.handed_over or found.held_back):
        return {}
    return {"handed_over_today": {"granted": found.handed_over, "held_back": found.held_back}}


def _storm(repository: str | None, issue: int, problems: int) -> dict[str, Any]:
    elsewhere = {"repository": repository} if repository else {}
    return {"issue": issue or None, "problems": problems, **elsewhere}


def _database(found: Findings) -> dict[str, Any]:
    """Return what there is to say where the ledger is a database, nothing where it is a file."""
    if found.unreached is None and not isinstance(found.ledger, str):
        return {}
    number, since = found.spooled
    return {
        "is_ledger_reached": found.unreached is None,
        "spooled": number,
        "spooled_since": iso(since) if since else None,
    }


def _waiting(owed: WaitingJob, status: Status) -> dict[str, Any]:
    return {
        **place_of(owed.fingerprint),
        "since": iso(owed.since) if owed.since else None,
        "age_seconds": round(status.now - owed.since) if owed.since and isfinite(owed.since) else None,
        "is_doubtful": owed.is_doubtful,
        "sentry_url": _link(owed.sentry_url, status.pages),
    }


def _refused(letter: Refused, pages: SentryPages) -> dict[str, Any]:
    return {
        **place_of(letter.fingerprint),
        "refused_at": iso(letter.refused_at),
        "reason": letter.reason,
        "sentry_url": _link(letter.sentry_url, pages),
    }


def _held_up(held: HeldUp) -> dict[str, Any]:
    return {
        "repositories": list(held.repositories),
        "pause": held.pause and _paused(held.pause),
        "stopped": held.stop and _stopped(held.stop),
        "failures": held.failures,
        "last_failure": held.failed_for if held.failures else None,
    }


def _paused(pause: Pause) -> dict[str, Any]:
    return {"until": iso(pause.until), "reason": pause.reason}


def _stopped(stop: Stop) -> dict[str, Any]:
    times = {"since": iso(stop.since), "next_at": iso(stop.next_at)}
    return times | {"reason": stop.reason, "remedy": stop.remedy, "tries": stop.tries}


def _link(url: str | None, pages: SentryPages) -> str | None:
    """Return the address of a problem's page if it is one of the Sentry that is set."""
    return pages.link(url) if url else None
