"""What runs, made to match `current`; where that names nothing that starts, something verified serves instead."""

from __future__ import annotations

from booty_release import lock, records, units
from booty_release.layout import Layout
from booty_release.outcome import ExitCode
from booty_release.progress import say


def main(layout: Layout) -> int:
    """Settle once no deploy is running, have healed what is current and does not start; return the exit code."""
    with lock.awaited(layout):
        try:
            serving, current = settle(layout), layout.current()
            if serving is None:
                units.stop(units.SOCKET)  # nothing to serve: refuse callers rather than let them wait
            elif serving != current:
                lost = f"{current} does not start" if current else "nothing is current"
                say(f"{lost}; {serving} serves instead, which is verified")
                if current:
                    units.start_heal()
        except units.UnitFailed as error:
            say(f"cannot settle: {error}")
            units.start_heal()
            return ExitCode.FAILED
    return ExitCode.DONE


def settle(layout: Layout) -> str | None:
    """Let what is current run and nothing else; return what runs. Does nothing when all is well.

    If it does not start, or nothing is current, the verified release that runs stays, or the latest to go live that
    starts does.

    Raises units.UnitFailed when none starts; then whatever runs keeps running.
    """
    for sha in units.running("booty-candidate@*.service"):
        say(f"stopping a candidate that was left behind: {sha}")
        units.stop(units.candidate(sha))
    serving = _first_that_starts(_choices(layout))
    for sha in units.running():
        if sha != serving:
            say(f"stopping a release that is not current: {sha}")
            units.stop(units.service(sha))
    for sha in units.running(units.TWINS):
        say(f"stopping a process that a restart left behind: {sha}")
        units.stop(units.twin(sha))
    return serving


def fallback(layout: Layout) -> str | None:
    """Return the verified release that runs, the latest to go live: what to keep when `current` is lost."""
    running = units.running()
    return next((record.sha for record in records.verified(layout) if record.sha in running), None)


def _choices(layout: Layout) -> list[str]:
    """Return what may serve, the best first."""
    current = layout.current()
    if current in units.running(units.TWINS):  # another process of it serves
        return [current]
    names = (current, fallback(layout), *(record.sha for record in records.verified(layout)))
    return list(dict.fromkeys(sha for sha in names if sha))


def _first_that_starts(choices: list[str]) -> str | None:
    failure = None
    for sha in choices:
        unit = units.service(sha)
        if units.is_active(unit):
            return sha
        say(f"starting {sha}")
        try:
            units.start(units.SOCKET)
            units.start(unit)
        except units.UnitFailed as error:
            say(f"{sha} does not start: {error}")
            if failure:
                units.stop(unit)  # of those that systemd tries again and again, the best is enough
            failure = failure or error
        else:
            return sha
    if failure:
        raise failure
    return None
