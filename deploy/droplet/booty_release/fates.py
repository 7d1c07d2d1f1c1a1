"""What a request makes of the record of a release."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import Literal

from booty_release import records
from booty_release.layout import Layout
from booty_release.progress import say
from booty_release.request import Request


def verify(layout: Layout, request: Request, sha: str) -> None:
    """Record that release `sha` goes live. Raises OSError."""
    turn = records.next_turn(layout)
    record = records.Record(sha=sha, state="verified", at=now(), actor=request.actor, run=request.run, turn=turn)
    records.save(layout, record)


def restore(layout: Layout, sha: str, before: records.Record | None) -> None:
    """Make the record of `sha` what it was, as far as the disk allows."""
    with contextlib.suppress(OSError):  # a full disk: what is there stays, and it has answered
        records.save(layout, before) if before else records.forget(layout, sha)


def mark(layout: Layout, request: Request, sha: str, state: Literal["left", "bad"], *, note: str) -> None:
    """Record that release `sha` is not to be gone back to by itself, and why."""
    known = records.load(layout, sha)
    who = {"actor": request.actor, "run": request.run}
    record = records.Record(sha=sha, state=state, at=now(), note=note, turn=known.turn if known else 0, **who)
    try:
        records.save(layout, record)
    except OSError as error:  # a full disk: without a record it is not verified either
        with contextlib.suppress(OSError):
            records.forget(layout, sha)
        say(f"note: could not mark {sha} as {state}: {error}")


def now() -> str:
    """Return the time as records have it: UTC, ISO 8601, milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
