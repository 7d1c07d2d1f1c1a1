"""The load: callers in two processes, each of which sends its next alert when its last one is answered.

A process serves its callers from one loop and signs only the end of each body, so that most of the machine is left to
the service.
"""

from __future__ import annotations

import hmac
import os
import re
import selectors
import signal
import socket
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from multiprocessing import get_context
from multiprocessing.pool import Pool
from multiprocessing.synchronize import Barrier
from time import monotonic, process_time, sleep
from typing import Self

from bodies import EVENT, Body
from support.service import SECRET

PROCESSES = 2
CALLERS = 32
START_SECONDS = 60.0
BEGIN_SECONDS = 0.05
"""From an order to its first alert, so that both processes have it."""
PATIENCE_SECONDS = 10.0
"""Seconds after the end: what is not answered by then counts as unanswered, with this latency."""
UNANSWERED = 0
CORES = sorted(os.sched_getaffinity(0))
NUMBERS = 2**32
SCATTER = 2654435761  # odd: its multiples modulo 2**32 are all different, and lie all over the ledger
OF_A_PROCESS = 2**19
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
HEAD = (
    "POST /webhooks/sentry HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nConnection: {connection}\r\n"
    "Sentry-Hook-Resource: event_alert\r\nSentry-Hook-Signature: {signature}\r\nContent-Length: {length}\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class Load:
    """What is sent to a `port` of loopback: one issue again and again, or a new one each time; after a warm-up.

    `is_on_one_core`: the server is, and leaves the others to the callers, on new connections.
    """

    body: Body
    is_storm: bool = False
    is_kept_alive: bool = False
    is_on_one_core: bool = False
    seconds: float = 0.0
    warm_up: float = 0.0
    port: int = 0
    callers: int = CALLERS

    @property
    def name(self) -> str:
        """What it is called in the table, and for `--only`."""
        connections = "one-core" if self.is_on_one_core else "kept" if self.is_kept_alive else "new"
        return f"{'storm' if self.is_storm else 'distinct'}, {self.body.name}, {connections}"


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer: when (monotonic), after how many seconds, with which status."""

    at: float
    latency: float
    status: int


@dataclass(frozen=True, slots=True)
class Answers:
    """What came back: answers a second, latencies in milliseconds, sorted, and how often each status.

    `spent` is how many seconds of CPU the servers and the callers took meanwhile.
    """

    rate: float
    latencies: tuple[float, ...]
    statuses: dict[int, int]
    spent: float

    def percentile(self, share: float) -> float:
        """Return the latency that `share` of the answers did not exceed, in milliseconds."""
        return self.latencies[min(int(share * len(self.latencies)), len(self.latencies) - 1)]


class Callers:
    """The processes, ready; use it as a context."""

    def __init__(self) -> None:
        context = get_context("spawn")
        up = context.Barrier(PROCESSES + 1)
        self._pool: Pool = context.Pool(PROCESSES, _ready, (up,))
        self._firsts = count(1, PROCESSES * OF_A_PROCESS)
        up.wait(START_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.terminate()
        self._pool.join()

    def call(
        self, loads: Sequence[Load], spent: Callable[[], float] = float, clock: Callable[[], float] = float
    ) -> tuple[Answers, float]:
        """Let all callers call, those of several loads at the same time; return what they saw, how far `clock` went.

        Numbers of issues and of events are never used twice. `spent` tells the servers' seconds of CPU so far.
        """
        seconds, begins_at = loads[0].seconds, monotonic() + BEGIN_SECONDS + loads[0].warm_up
        firsts = [next(self._firsts) for _ in loads]
        orders = [(loads, firsts, share, begins_at) for share in range(PROCESSES)]
        running = self._pool.starmap_async(_call, orders, chunksize=1)
        marks = []
        for moment in (begins_at, begins_at + seconds):
            sleep(max(moment - monotonic(), 0.0))
            marks.append((spent(), clock()))
        done = running.get(START_SECONDS)
        seen = [each for part, _ in done for each in part]
        answers = Answers(
            rate=sum(each.at < begins_at + seconds for each in seen) / seconds,
            latencies=tuple(sorted(each.latency * 1000 for each in seen)),
            statuses=dict(Counter(each.status for each in seen)),
            spent=marks[1][0] - marks[0][0] + sum(part for _, part in done),
        )
        return answers, marks[1][1] - marks[0][1]


def _ready(up: Barrier) -> None:
    """Tell that this process is up, its modules imported; Ctrl-C is for the one that waits for it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    up.wait()


def _call(loads: Sequence[Load], firsts: Sequence[int], share: int, begins_at: float) -> tuple[list[Seen], float]:
    """Run one process's share of the callers; return answers and CPU seconds, but for those of the warm-up."""
    os.sched_setaffinity(0, CORES[1:] if loads[0].is_on_one_core and len(CORES) > 1 else CORES)
    ends_at, begun_with, ended_with = begins_at + loads[0].seconds, None, None
    seen: list[Seen] = []
    with selectors.DefaultSelector() as selector:
        for load, first in zip(loads, firsts, strict=True):
            outbox = _Outbox(load, first + share * OF_A_PROCESS)
            for _ in range(load.callers // PROCESSES):
                caller = _Caller(load, outbox)
                selector.register(caller.send(), selectors.EVENT_READ, caller)
        while selector.get_map() and (now := monotonic()) < ends_at + PATIENCE_SECONDS:
            if begun_with is None and now >= begins_at:
                begun_with = process_time()
            if ended_with is None and now >= ends_at:
                ended_with = process_time()
            for key, _ in selector.select(1.0):
                caller = key.data
                if (answer := caller.receive()) is None:
                    continue
                selector.unregister(key.fileobj)
                seen.append(answer)
                if answer.at < ends_at:
                    selector.register(caller.send(), selectors.EVENT_READ, caller)
        seen += [Seen(ends_at, PATIENCE_SECONDS, UNANSWERED) for _ in selector.get_map()]
    spent = (ended_with or process_time()) - (begun_with or 0.0)
    return [each for each in seen if each.at >= begins_at], spent


class _Outbox:
    """Signed alerts, one after the other."""

    def __init__(self, load: Load, first: int) -> None:
        self._load = load
        self._numbers = count(first)
        self._signed_so_far = hmac.new(SECRET.encode(), load.body.before, "sha256")

    def next(self) -> tuple[bytes, bytes, bytes]:
        """Return the next request in three pieces."""
        event = next(self._numbers)
        number = 0 if self._load.is_storm else issue_of(event)
        body = self._load.body
        end = body.end(f"{number:010d}").replace(EVENT.encode(), f"{event:032x}".encode(), 1)
        signature = self._signed_so_far.copy()
        signature.update(end)
        head = HEAD.format(
            connection="keep-alive" if self._load.is_kept_alive else "close",
            signature=signature.hexdigest(),
            length=len(body.before) + len(end),
        )
        return head.encode(), body.before, end


def issue_of(number: int) -> int:
    """Return the issue that a number stands for: an even one, of ten digits at most, anywhere in the ledger."""
    return number * SCATTER % NUMBERS * 2


class _Caller:
    """A caller on one connection, or on a new one each time."""

    def __init__(self, load: Load, outbox: _Outbox) -> None:
        self._load = load
        self._outbox = outbox
        self._connection: socket.socket | None = None
        self._begun_at = 0.0
        self._received = b""

    def send(self) -> socket.socket:
        """Send the next request; return the connection on which to wait for its answer."""
        pieces = self._outbox.next()
        self._begun_at, self._received = monotonic(), b""
        if self._connection is None:
            self._connection = socket.create_connection(("127.0.0.1", self._load.port))
            self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection.sendall(b"".join(pieces))
        return self._connection

    def receive(self) -> Seen | None:
        """Return the answer once it is complete, or the connection is lost."""
        piece = self._read()
        self._received += piece
        head, _, content = self._received.partition(b"\r\n\r\n")
        length = LENGTH.search(head + b"\r\n")
        if piece and (length is None or len(content) < int(length[1])):
            return None
        if not piece or not self._load.is_kept_alive:
            self._close()
        now = monotonic()
        return Seen(now, now - self._begun_at, int(self._received[9:12]) if piece else UNANSWERED)

    def _read(self) -> bytes:
        if self._connection is None:
            return b""
        try:
            return self._connection.recv(65536)
        except OSError:
            return b""

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
