"""What is measured beside the answers: memory, the way to the issue; with a slow disk, with a full ledger."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from pathlib import Path

from bodies import Body
from callers import NUMBERS, SCATTER, WARM_UP_SECONDS, Answers, Load, Seen, call
from pretend_github import PretendGitHub
from support.sentry_events import PROJECT
from support.service import ROOT, Service, eventually

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import Verdict
from booty.observability.alerts.issue import IssueRef
from booty.observability.alerts.severity import Severity
from booty.observability.ledger.claims import Claims
from booty.observability.ledger.engines.engine import About, Ranges, Result, Shelf, Work
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.queue import Queue
from booty.observability.ledger.schedule.jobs import FilingJob

IDLE_ALERTS = 5
HONEST = 32
"""Threads of the honest sender, which never waits for an answer before it sends again."""
HONEST_SECONDS = 0.1
LOOK_SECONDS = 0.02
KEEP_SECONDS = 30 * 24 * 3600.0
STEP_SECONDS = 2.0  # between two filled-in alerts: longer than the spacing of deliveries
CHUNK = 5000
PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


def memory(service: Service) -> float:
    """Return the MiB that master and workers use together; what they share is counted once (proc(5), Pss)."""
    workers = service.workers()
    master = os.getpgid(workers[0])  # the service leads its own process group
    rollups = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in (master, *workers)]
    return sum(int(found[1]) for text in rollups if (found := PSS.search(text))) / 1024


def memory_at_most(service: Service, bodies: list[bytes]) -> float:
    """Send `bodies` all at once; return the most MiB that master and workers used meanwhile."""
    most = memory(service)
    with ThreadPoolExecutor(len(bodies)) as threads:
        waiting = [threads.submit(service.post, body) for body in bodies]
        while not all(each.done() for each in waiting):
            most = max(most, memory(service))
            time.sleep(LOOK_SECONDS)
    if any(each.result().status not in {200, 202} for each in waiting):
        raise RuntimeError("a large body was not taken; see the service's log under var/bench")
    return most


def way_to_the_issue(service: Service, github: PretendGitHub, body: Body) -> list[float]:
    """Return the milliseconds from the acknowledgement to the issue, of alerts that come to a service at rest."""
    waits = []
    for number in range(IDLE_ALERTS):
        service.post(body.before + f"{number:010d}".encode() + body.after)
        answered_at = time.monotonic()
        if not eventually(partial(_has_created, github, number + 1)):
            raise RuntimeError("the issue did not come; see the service's log under var/bench")
        waits.append(max(github.created_at[-1] - answered_at, 0.0) * 1000)
        time.sleep(STEP_SECONDS)
    return sorted(waits)


def honest(service: Service, body: Body, beside: Load | None, seconds: float) -> Answers:
    """Send an alert every 100 ms, on a connection of its own, while `beside` is sent as fast as it is answered."""
    with ThreadPoolExecutor(HONEST) as threads:
        hostile = threads.submit(call, beside) if beside else None
        time.sleep(WARM_UP_SECONDS)
        ends_at = time.monotonic() + seconds
        waiting = []
        for number in count(NUMBERS // 2):
            if time.monotonic() > ends_at:
                break
            waiting.append(threads.submit(_send, service, body.before + f"{number:010d}".encode() + body.after))
            time.sleep(HONEST_SECONDS)
        seen = [each.result() for each in waiting]
        if hostile is not None:
            hostile.result()
    latencies = tuple(sorted(each.latency * 1000 for each in seen))
    return Answers(len(seen) / seconds, latencies, dict(Counter(each.status for each in seen)))


def _send(service: Service, body: bytes) -> Seen:
    began_at = time.monotonic()
    answer = service.post(body)
    return Seen(time.monotonic(), time.monotonic() - began_at, answer.status)


def _has_created(github: PretendGitHub, issues: int) -> bool:
    return len(github.created_at) >= issues


def slow_disk(directory: Path) -> Path | None:
    """Compile the library that slows fsync down; None when there is no C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    library = directory / "slow_fsync.so"
    source = ROOT / "bench" / "slow_fsync.c"
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", library, source], check=True)  # noqa: S603 - our own source
    return library


class _Within(SqliteEngine):
    """An engine inside a running transaction: many claims share one commit."""

    def __init__(self, shelf: Shelf) -> None:
        super().__init__(Path())
        self._shelf_under_way = shelf

    def transact(
        self,
        work: Work[Result],
        *,
        reads: tuple[str, ...] = (),
        ranges: Ranges = (),
        about: About = None,
        is_lasting: bool = True,
    ) -> Result:
        del reads, ranges, about, is_lasting
        return work(self._shelf_under_way)


def fill(state: Path, fingerprints: int) -> None:
    """Put that many filed alerts into a new ledger, as claims, leases and settlements leave them."""
    store = SqliteEngine(state)
    begins_at = int(time.time()) - STEP_SECONDS * fingerprints
    for first in range(0, fingerprints, CHUNK):
        numbers = range(first, min(first + CHUNK, fingerprints))
        store.transact(partial(_file, numbers=numbers, begins_at=begins_at))


def _file(shelf: Shelf, *, numbers: range, begins_at: float) -> None:
    claims = Claims(_Within(shelf), keep_seconds=KEEP_SECONDS)
    queue = Queue(_Within(shelf), keep_seconds=KEEP_SECONDS)
    for number in numbers:
        now = begins_at + STEP_SECONDS * number
        # The callers count from 0 and from the middle; these lie in between, as scattered as theirs.
        issue = (NUMBERS // 4 + number) * SCATTER % NUMBERS
        alert = Alert(fingerprint=f"{PROJECT}:{issue:010d}", event=f"{number:032x}", severity=Severity.ERROR)
        claims.claim(alert, lambda _: Verdict.ACCEPTED, now=now)
        if isinstance(owed := queue.lease(now=now), FilingJob):
            queue.settle(owed, IssueRef(number + 1, f"https://github.com/acme/shop/issues/{number + 1}"), now=now)
