"""What answers: gunicorn by the project's own settings, with the service or a view that it is compared with.

It is killed at its end: what it stored is thrown away, and a courier that GitHub lets wait would take its time.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from support.service import ROOT, Service, eventually

STATE = ROOT / "var" / "bench"
WORKERS = 2
SAID_LINES = 15
PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


class NotUp(Exception):
    """Something that is measured does not run; says why."""


class Server(Service):
    """One gunicorn; use it as a context. `app` names a module of this folder, else it is the service."""

    def __init__(self, name: str, environ: Mapping[str, str], *, app: str = "", state: Path | None = None) -> None:
        """Have a new state directory, unless one is given."""
        self.name, self.answered_at = name, 0.0
        STATE.mkdir(parents=True, exist_ok=True)
        if state is None:
            state = STATE / name.replace(" ", "-").replace(",", "")
            shutil.rmtree(state, ignore_errors=True)
        paths = {"PYTHONPATH": f"{ROOT}:{ROOT / 'bench'}"}
        super().__init__(state, {**environ, **paths}, arguments=(f"{app}:app",) if app else ())
        self.log.unlink(missing_ok=True)

    def command(self, listener: int) -> list[str]:
        """Return what starts it such that it ends with the thread that does: with the bench, even by kill -9."""
        return ["setpriv", "--pdeathsig", "KILL", *super().command(listener)]

    def __enter__(self) -> Self:
        """Start it. Raises `NotUp`."""
        try:
            self.start()
            self.answered_at = time.monotonic()
            self._wait_for_workers()
        except (RuntimeError, OSError) as error:
            self.__exit__(None, None, None)
            lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else [str(error)]
            raise NotUp("\n".join([f"{self.name} did not start; its last lines:", *lines[-SAID_LINES:]])) from None
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self._listener.close()
        shutil.rmtree(self.state, ignore_errors=True)

    def _wait_for_workers(self) -> None:
        """Wait for all of them: one alone answers already."""
        if not eventually(lambda: len(self.workers()) == WORKERS):
            raise RuntimeError

    def processes(self) -> list[int]:
        """Return master and workers."""
        workers = self.workers()
        return [os.getpgid(workers[0]), *workers]  # the master leads its own process group

    def memory(self, *, after: float = 0.0) -> float:
        """Return the MiB that master and workers use together, after some seconds with nothing to do.

        What they share is counted once (proc(5), Pss).
        """
        time.sleep(after)
        rollups = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in self.processes()]
        return sum(int(found[1]) for text in rollups if (found := PSS.search(text))) / 1024


@dataclass(frozen=True, slots=True)
class Variant:
    """What is compared with others: its servers, which share the callers, and a process that works for them."""

    name: str
    servers: Sequence[Server]
    besides: int | None = None

    def spent(self) -> float:
        """Return the seconds of CPU that its processes have taken so far."""
        own = [pid for server in self.servers for pid in server.processes()]
        others = [self.besides, *_children(self.besides)] if self.besides else []
        return sum(nanoseconds for pid in (*own, *others) for nanoseconds in _of_threads(pid)) / 1e9

    def run_on(self, cores: Sequence[int]) -> None:
        """Let its servers run on these cores only, each of their threads."""
        only = ["taskset", "--all-tasks", "--cpu-list", "--pid", ",".join(map(str, cores))]
        for pid in (pid for server in self.servers for pid in server.processes()):
            subprocess.run([*only, str(pid)], check=True, capture_output=True)  # noqa: S603 - Linux's own program

    def memory(self) -> float:
        """Return the MiB that its servers use."""
        return sum(server.memory() for server in self.servers)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _of_threads(pid: int) -> Iterator[int]:
    """Yield the nanoseconds on a CPU of each thread (schedstat)."""
    for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with suppress(OSError):
            yield int(thread.read_text().split()[0])


def busy() -> float:
    """Return the seconds of CPU that everything on this machine has taken so far (proc(5), stat)."""
    user, nice, system, _, _, irq, soft, *_ = map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:])
    return (user + nice + system + irq + soft) / os.sysconf("SC_CLK_TCK")


def slow_disk() -> Mapping[str, str] | None:
    """Return what lets a server's fsync take 3 ms more; None when there is no C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    library, source = STATE / "slow_fsync.so", ROOT / "bench" / "slow_fsync.c"
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", library, source], check=True)  # noqa: S603 - our own source
    return {"LD_PRELOAD": str(library)}
