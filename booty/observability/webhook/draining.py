"""Whether this host is leaving its balancer: told to stop, while no other release is on its socket.

On a droplet each release is an instance of one unit, all of them on the socket that systemd holds. Their control groups
tell which of them have processes, whatever their code is, so that a deploy, a rollback or a restart is never taken for
the end. Elsewhere nobody knows what else is on a socket, and nothing drains.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from contextlib import suppress
from mmap import mmap
from pathlib import Path

log = logging.getLogger(__name__)

SECONDS = 20.0
"""How long it lasts: a balancer that asks every 5 s and believes the third 503 needs 15 (docs/scaling.md)."""
OF_ITSELF, OF_THE_MACHINE = Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")
SERVES = re.compile(r"booty(-twin)?@[0-9a-f]{40}\.service")


def is_last_on_its_socket(own: Path = OF_ITSELF, groups: Path = OF_THE_MACHINE) -> bool:
    """Return whether this process is a release on a droplet, and no other one has a process there."""
    with suppress(OSError, StopIteration):
        lines = own.read_text(encoding="utf-8").splitlines()
        unit = groups / next(line for line in lines if line.startswith("0::/")).removeprefix("0::/")
        if SERVES.fullmatch(unit.name) and _has_processes(unit):  # else the groups are mounted elsewhere
            slices = unit.parent.parent.glob("system-booty*.slice/booty*@*.service")
            others = (each for each in slices if SERVES.fullmatch(each.name) and each != unit)
            return not any(_has_processes(each) for each in others)
    return False


def _has_processes(group: Path) -> bool:
    with suppress(OSError):  # it ended meanwhile
        return bool((group / "cgroup.procs").read_text(encoding="utf-8"))
    return False


class Draining:
    """The same in all processes of a service, if it is made before the fork; it ends with them, even by kill -9."""

    def __init__(self, is_last: Callable[[], bool] = is_last_on_its_socket) -> None:
        self._is_last = is_last
        self._begun = mmap(-1, 1)

    def begin(self) -> float:
        """Begin, unless it has begun or another release serves on; return the seconds until the stop that was asked."""
        if self._begun[0] or not self._is_last():
            return 0.0
        self._begun[0] = 1
        log.warning("draining", extra={"seconds": SECONDS})
        return SECONDS

    @property
    def is_under_way(self) -> bool:
        """Whether a balancer is to send nothing more; not while a release that was started since is there."""
        return bool(self._begun[0]) and self._is_last()
