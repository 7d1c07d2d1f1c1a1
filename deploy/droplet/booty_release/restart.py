"""What serves, started anew without a gap: a process reads its secrets once, when it starts.

For some seconds a second process of the same release, its twin, serves beside the first; then the first is started anew
beside the twin, so that afterwards one process serves, under the name that it always has. `current` never changes. The
old process alone still knows the old secrets, so the new ones are watched before it goes. Of two processes of one
release nobody can see which one answers: all of many answers must be right.
"""

from __future__ import annotations

from dataclasses import replace

from booty_release import cutover, fates, health, lock, soak, units, venvs
from booty_release.deploy import put_in_order, require_seen
from booty_release.layout import Layout
from booty_release.outcome import ExitCode, Stopped
from booty_release.progress import say, step
from booty_release.request import Request
from booty_release.settle import settle

_START = units.START_LIMIT + health.JOIN_LIMIT  # seconds


def restart(layout: Layout, request: Request) -> None:
    """Let a new process of what is current take over. If it cannot, the old one serves on; nothing is marked."""
    sha = request.sha or layout.current()
    if sha is None:
        raise Stopped(ExitCode.NO_SUCH_RELEASE, "no release is current", "./deploy.sh deploy")
    request = replace(request, sha=sha, seen=sha)
    with lock.held(layout, request, now=fates.now()):
        if sha == layout.current():
            venvs.prepare(layout, layout.release(sha))
        put_in_order(layout)
        require_seen(layout, request)
        with step("try it on a private socket", limit=units.START_LIMIT + cutover.ALONE_LIMIT):
            cutover.try_candidate(layout, sha)
        try:
            _take_over(layout, sha, seconds=request.soak_seconds)
        except BaseException:
            settle(layout)
            cutover.confirm(layout, sha)
            raise
    say(f"restarted: booty@{sha}")


def _take_over(layout: Layout, sha: str, *, seconds: float) -> None:
    try:
        with step("start a new process beside the old one, on the live socket", limit=_START):
            cutover.join(layout, sha, beside=sha, twin=True)
        soak.watch(layout, sha, seconds=seconds, twin=True)
    except BaseException:
        units.stop_quietly(units.twin(sha))
        raise
    with step("drain the old process", limit=units.STOP_LIMIT):
        units.stop(units.service(sha))
    with step("start it under its own name again", limit=_START):
        cutover.join(layout, sha, beside=sha)
    with step("drain what served meanwhile", limit=units.STOP_LIMIT + health.STEADY_LIMIT):
        units.stop(units.twin(sha))
        cutover.confirm(layout, sha)
