"""systemd, as far as a deploy needs it: which instances run, start one, stop one, what it last said."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
from collections.abc import Sequence

from booty_release.progress import say

SOCKET = "booty.socket"
START_LIMIT, STOP_LIMIT = 30, 45
"""Seconds, as our unit files have them: TimeoutStartSec=, TimeoutStopSec=."""
SETTLE = "booty-settle@deploy.service"
HEAL = "booty-heal.service"
_RUNNING = "--state=active,activating,reloading,deactivating"
TWINS = "booty-twin@*.service"
_INSTANCE = re.compile(r"booty(?:-twin|-candidate)?@([0-9a-f]{40})\.service")


class UnitFailed(Exception):
    """systemd refused, or the unit did not come up."""


def service(sha: str) -> str:
    """Name the unit that serves release `sha` on the live socket."""
    return f"booty@{sha}.service"


def twin(sha: str) -> str:
    """Name the unit of a second process of release `sha`, which serves only while a restart needs it."""
    return f"booty-twin@{sha}.service"


def candidate(sha: str) -> str:
    """Name the unit that tries release `sha` on a private socket."""
    return f"booty-candidate@{sha}.service"


def running(pattern: str = "booty@*.service") -> list[str]:
    """Return the SHAs of the instances that run, start or stop."""
    listing = _output(["systemctl", "list-units", "--plain", "--no-legend", "--full", _RUNNING, pattern])
    return sorted(match[1] for match in _INSTANCE.finditer(listing))


def is_steady(unit: str) -> bool:
    """Return whether `unit` is up and has not been restarted since it was started."""
    shown = _output(["systemctl", "show", "--property=ActiveState,NRestarts", unit])
    return set(shown.split()) == {"ActiveState=active", "NRestarts=0"}


def is_active(unit: str) -> bool:
    """Return whether `unit` is up."""
    return _output(["systemctl", "is-active", unit]) == "active"


def start(unit: str) -> None:
    """Start `unit` and wait until it says that it is ready. Raises UnitFailed."""
    _control("start", unit)


def stop(unit: str) -> None:
    """Stop `unit` and wait until its last request is answered. Raises UnitFailed."""
    _control("stop", unit)


def stop_quietly(unit: str) -> None:
    """Stop `unit`; where that fails, say so: settle tries again when the lock is free."""
    try:
        stop(unit)
    except UnitFailed as error:
        say(f"could not stop {unit}: {error}")


def arm_settle() -> None:
    """Start the unit that waits for our lock: when this process ends, or is killed, it puts things in order at once."""
    _control("restart", "--no-block", SETTLE)


def start_heal() -> None:
    """Start the unit that gives what is current a sound environment, unless it ran too often; do not wait for it."""
    with contextlib.suppress(UnitFailed):
        _control("start", "--no-block", HEAL)


def last_words(unit: str, *, since: float) -> str:
    """Return the last lines that `unit` logged after `since` (seconds of the epoch)."""
    return "\n".join(log_of(unit, since=since).splitlines()[-12:])  # with --since, --lines would give the first ones


def log_of(unit: str, *, since: float) -> str:
    """Return all that `unit` logged after `since` (seconds of the epoch)."""
    return _output(["journalctl", f"--unit={unit}", f"--since=@{since:.3f}", "--output=cat", "--no-pager"])


def explain(what: str, unit: str, begun: float, error: Exception | None = None) -> str:
    """Return `what` happened with what `unit` logged since `begun` (seconds of the epoch), else with the `error`."""
    said = last_words(unit, since=begun) or (str(error) if error else "")
    return f"{what}; it said:\n{said}" if said else what


def operate(words: Sequence[str]) -> int:
    """Run the service's own command on its state; return its exit code."""
    command = ["sudo", "-n", "/usr/local/bin/booty", *words]
    return subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode  # noqa: S603 - matched by the grammar


def _control(*words: str) -> None:
    command = ["systemctl", *words] if os.geteuid() == 0 else ["sudo", "-n", "/usr/bin/systemctl", *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    except PermissionError as error:  # we were cancelled meanwhile; sudo is not ours to kill, and has come to its end
        raise (error.__context__ or error) from None
    if done.returncode != 0:
        raise UnitFailed(done.stderr.strip() or f"{' '.join(words)}: exit {done.returncode}")


def _output(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603 - our own words
