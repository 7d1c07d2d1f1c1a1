"""New beside old, proven, then old drains: the one order of steps in which no failure takes the old release away.

The commit point is the rename of `current`, after the new release has answered on the live socket and before the old
one is asked to go. Whoever finds the droplet half way (`settle`: after a kill, a reboot, at the next deploy) only has
to make what runs match `current`.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from booty_release import blame, health, soak, units
from booty_release.layout import Layout
from booty_release.outcome import FIX_IT, ExitCode, Stopped
from booty_release.progress import say, step

ALONE_LIMIT = 5.0  # seconds for the answers of a release that is asked alone
_PAGE = "page someone; on the droplet: systemctl status 'booty*', journalctl -u 'booty@*'"


def try_candidate(layout: Layout, sha: str) -> None:
    """Run `sha` on a private socket with throw-away state, then stop it again.

    Raises Stopped(FAILED) unless it answers as itself.
    """
    unit, begun = units.candidate(sha), time.time()
    path = layout.candidate(sha)
    try:
        units.start(unit)
        if not health.is_steady(path, sha, within=ALONE_LIMIT):
            cause = f"the candidate does not answer /health with booty@{sha}"
            raise blame.unwell(layout, sha, path, units.explain(cause, unit, begun))
    except units.UnitFailed as error:
        raise Stopped(
            ExitCode.FAILED, units.explain("the candidate does not start", unit, begun, error), FIX_IT
        ) from error
    finally:
        units.stop_quietly(unit)


def cut_over(layout: Layout, sha: str, *, proven: Callable[[], None], soak_seconds: float = 0.0) -> None:
    """Let `sha` take over from what is current; calls `proven` once it has answered on the live socket.

    It is watched for `soak_seconds` after that; should it misbehave, the old release comes back.

    Raises Stopped: FAILED when the old release still serves, ROLLBACK_FAILED when it could not be seen to.
    """
    old = layout.current()
    try:
        with step("start beside the old release, on the live socket", limit=units.START_LIMIT + health.JOIN_LIMIT):
            join(layout, sha, beside=old)
        proven()
        layout.switch(sha)
    except BaseException as error:
        if layout.current() == sha:  # it was cancelled just after the rename
            layout.switch(old)
        units.stop_quietly(units.service(sha))
        confirm(layout, old)
        if isinstance(error, OSError):
            raise Stopped(
                ExitCode.FAILED, f"cannot write: {error}", "free disk space on the droplet, deploy again"
            ) from error
        raise
    try:
        with step("drain the old release", limit=units.STOP_LIMIT + ALONE_LIMIT):
            _retire(layout, sha)
        soak.watch(layout, sha, seconds=soak_seconds)
    except BaseException:
        _return_to(layout, old, failed=sha)
        raise


def join(layout: Layout, sha: str, *, beside: str | None, twin: bool = False) -> None:
    """Start `sha`, or with `twin` the second process of it, on the live socket.

    Raises Stopped(FAILED) unless it answers.
    """
    unit, begun = units.twin(sha) if twin else units.service(sha), time.time()
    steady = beside if beside and health.is_steady(layout.live, beside, answers=3, within=1.0) else None
    try:
        units.start(units.SOCKET)
        units.start(unit)
    except units.UnitFailed as error:
        raise Stopped(
            ExitCode.FAILED, units.explain("the release does not start", unit, begun, error), FIX_IT
        ) from error
    if not health.joins(layout.live, sha, beside=steady, alive=lambda: units.is_steady(unit)):
        cause = f"the release passed as candidate but does not answer as booty@{sha} on the live socket"
        raise blame.unwell(layout, sha, layout.live, units.explain(cause, unit, begun))


def _retire(layout: Layout, sha: str) -> None:
    begun = time.time()
    for other in units.running():
        if other != sha:
            units.stop_quietly(units.service(other))
    if not health.is_steady(layout.live, sha, within=ALONE_LIMIT):
        cause = f"alone on the socket, booty@{sha} stopped answering"
        raise blame.unwell(layout, sha, layout.live, units.explain(cause, units.service(sha), begun))


def _return_to(layout: Layout, old: str | None, *, failed: str) -> None:
    say(f"rolling back to {old or 'nothing'}")
    layout.switch(old)
    try:
        if old:
            units.start(units.service(old))
    except units.UnitFailed as error:
        raise Stopped(ExitCode.ROLLBACK_FAILED, f"rollback failed: {error}", _PAGE) from error
    units.stop_quietly(units.service(failed))
    confirm(layout, old)


def confirm(layout: Layout, old: str | None) -> None:
    """Raise Stopped(ROLLBACK_FAILED) unless `old`, if there is one, answers."""
    if old and not health.is_steady(layout.live, old):
        raise Stopped(ExitCode.ROLLBACK_FAILED, f"rollback failed: booty@{old} does not answer", _PAGE)
