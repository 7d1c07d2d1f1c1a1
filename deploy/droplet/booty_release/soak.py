"""The first seconds of a release that serves alone: one that misbehaves does not stay."""

from __future__ import annotations

import re
import time

from booty_release import blame, health, units
from booty_release.layout import Layout
from booty_release.progress import step

_PAUSE = 0.25  # seconds between two looks
_MOST_MISSED = 2  # answers in a row that may be missing: a busy droplet is slow
# What gunicorn and Flask log when a worker dies, and when a request ends in an exception that nobody caught.
_CRASH = re.compile(r"Worker \(pid:\d+\) (?:was sent|exited)|Exception on /|Error handling request|Exception in worker")


def watch(layout: Layout, sha: str, *, seconds: float, twin: bool = False) -> None:
    """Watch release `sha` for so long, not at all for 0; with `twin` the second process of it, beside the first.

    Raises Stopped(FAILED) if it does wrong by itself.
    """
    if not seconds:
        return
    begun, unit = time.time(), units.twin(sha) if twin else units.service(sha)
    with step(f"watch it for {seconds:g} s"):
        if fault := _misbehaviour(layout, sha, unit, seconds=seconds):
            cause = f"booty@{sha} misbehaved soon after it began to serve: {fault}"
            raise blame.unwell(layout, sha, layout.live, units.explain(cause, unit, begun))


def _misbehaviour(layout: Layout, sha: str, unit: str, *, seconds: float) -> str | None:
    begun, deadline, missed = time.time(), time.monotonic() + seconds, 0
    while time.monotonic() < deadline:
        if not units.is_steady(unit):
            return "it was restarted, or ended"
        missed = 0 if _is_well(layout, sha, unit) else missed + 1
        if missed > _MOST_MISSED:
            return "it stopped answering /health"
        time.sleep(_PAUSE)
    crash = _CRASH.search(units.log_of(unit, since=begun))
    return f"it logged: {crash[0]}" if crash else None


def _is_well(layout: Layout, sha: str, unit: str) -> bool:
    if unit == units.twin(sha):  # of two processes on one socket, the other one may answer each single question
        return health.all_from(layout.live, sha)
    return health.ask(layout.live).is_from(sha)
