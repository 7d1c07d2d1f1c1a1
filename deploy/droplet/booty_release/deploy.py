"""The requests that change what serves, each from its first step to its last."""

from __future__ import annotations

import shutil
import sys

from booty_release import cutover, drift, fates, health, lock, records, settle, units, upload, venvs
from booty_release.layout import Layout
from booty_release.outcome import ExitCode, Stopped
from booty_release.progress import say, step
from booty_release.request import Request


def deploy(layout: Layout, request: Request) -> None:
    """Make the commit on stdin serve, if what is current is still what the caller saw."""
    sha = str(request.sha)
    with step("receive the upload", limit=upload.TIME_LIMIT):
        bundle = upload.receive(sys.stdin.buffer, layout)
    with bundle, lock.held(layout, request, now=fates.now()):
        require_seen(layout, request)
        if current := layout.current():
            _heal(layout, current)
        put_in_order(layout)
        if sha == layout.current():
            _require_health(layout, sha)
            return
        if sha in layout.present():
            venvs.prepare(layout, layout.release(sha))
        else:
            with step("unpack"):
                upload.unpack(bundle, sha, layout)
            venvs.prepare(layout, upload.partial(layout, sha))
            upload.publish(sha, layout)
        _replace(layout, request, sha)
        try:
            for note in drift.notes(layout.release(sha)):
                say(f"note: {note}")
            _prune(layout)
        except OSError as error:  # the release serves; what could not be removed goes with the next deploy
            say(f"note: could not remove old releases: {error}")


def rollback(layout: Layout, request: Request) -> None:
    """Make a release serve that has served before; the next rollback passes over the one it replaces."""
    with lock.held(layout, request, now=fates.now()):
        if request.seen:
            require_seen(layout, request)
        left = layout.current() or settle.fallback(layout)
        sha = request.sha or records.previous(layout, left)
        put_in_order(layout)
        record = records.load(layout, sha) if sha else None
        if sha is None or record is None or record.state == "bad" or sha not in layout.present():
            cause = f"{sha} is not among the kept, verified releases" if sha else "no earlier verified release is kept"
            raise Stopped(
                ExitCode.NO_SUCH_RELEASE, cause, "choose one: ./deploy.sh releases; or deploy a fix from main"
            )
        if sha == layout.current():
            _require_health(layout, sha)
            _leave(layout, request, left, sha)
        else:
            venvs.prepare(layout, layout.release(sha))
            _replace(layout, request, sha, leaving=left)  # it has served before; what counts now is time


def require_seen(layout: Layout, request: Request) -> None:
    """Refuse what was decided when something else was current. Raises Stopped(REFUSED)."""
    current = layout.current()
    if current != request.seen:
        cause = f"{current or 'nothing'} is current now, not {request.seen or 'nothing'} as this {request.verb} assumed"
        advice = "another deploy came first; look (./deploy.sh status), then run this again"
        raise Stopped(ExitCode.REFUSED, cause, advice)


def _replace(layout: Layout, request: Request, sha: str, *, leaving: str | None = None) -> None:
    """Let `sha` take over; a new one is tried and watched.

    If it cannot for a reason of the droplet's, its record stays what it was.
    """
    is_new = request.verb == "deploy"
    known = {each: records.load(layout, each) for each in (sha, leaving) if each}

    def proven() -> None:  # before the switch: a rollback that is killed after it has left that release all the same
        fates.verify(layout, request, sha)
        _leave(layout, request, leaving, sha)

    try:
        if is_new:
            with step("try it on a private socket", limit=units.START_LIMIT + cutover.ALONE_LIMIT):
                cutover.try_candidate(layout, sha)
        cutover.cut_over(layout, sha, proven=proven, soak_seconds=request.soak_seconds if is_new else 0.0)
    except BaseException as error:
        for each, before in known.items():
            fates.restore(layout, each, before)
        if isinstance(error, Stopped) and error.is_misbehaviour:
            fates.mark(layout, request, sha, "bad", note=error.cause.splitlines()[0])
        raise
    say(f"live: booty@{sha}")


def _leave(layout: Layout, request: Request, left: str | None, sha: str) -> None:
    if left and left != sha:
        fates.mark(layout, request, left, "left", note=f"rolled back to {sha}")


def _heal(layout: Layout, current: str) -> None:
    """Let what is current have a sound environment, since a failed deploy may have to start it again."""
    try:
        venvs.prepare(layout, layout.release(current))
    except (OSError, Stopped) as error:
        if isinstance(error, Stopped) and error.code == ExitCode.CANCELLED:
            raise
        say(f"note: the environment of what is current stays as it is ({error}); going on, this deploy may fix it")


def put_in_order(layout: Layout) -> None:
    """Finish what a killed deploy left half done; should this process be killed, settle does it."""
    units.arm_settle()
    for path in layout.releases.iterdir():
        if path.name not in layout.present():
            shutil.rmtree(path, ignore_errors=True)
    current = layout.current()
    try:
        serving = settle.settle(layout)
    except units.UnitFailed as error:
        say(f"note: what is current does not start ({error}); going on, this deploy may fix it")
        return
    if serving and serving != current:
        lost = f"{current} does not start" if current else "`current` was lost"
        say(f"note: {lost}; {serving} serves and is verified, so it is current again")
        layout.switch(serving)


def _require_health(layout: Layout, sha: str) -> None:
    if not health.is_steady(layout.live, sha):
        raise Stopped(
            ExitCode.FAILED, f"booty@{sha} is current but does not answer", "./deploy.sh logs; ./deploy.sh rollback"
        )
    say(f"booty@{sha} serves already; nothing to do (to start it anew, for changed secrets: ./deploy.sh restart)")


def _prune(layout: Layout) -> None:
    for sha in records.superfluous(layout):
        records.forget(layout, sha)  # first: a half-removed folder must not count as a release to go back to
        layout.release(sha).rename(upload.partial(layout, sha))
        shutil.rmtree(upload.partial(layout, sha), ignore_errors=True)
        say(f"removed {sha}")
    venvs.prune(layout)
