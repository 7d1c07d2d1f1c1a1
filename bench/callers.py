"""The load: callers in several processes, each of which sends its next alert when its last one is answered.

A process serves its callers from one loop and signs only the end of each body, so that most of the machine is left to
the service.
"""

from __future__ import annotations

import hmac
import re
import selectors
import socket
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import count
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from time import monotonic

from bodies import EVENT, Body
from support.service import SECRET

PROCESSES = 2
WARM_UP_SECONDS = 1.0
PATIENCE_SECONDS = 10.0
"""Seconds after the end: what is not answered by then counts as unanswered, with this latency."""
UNANSWERED = 0
NUMBERS = 2**32
SCATTER = 2654435761  # odd: its multiples modulo 2**32 are all different, and lie all over the ledger
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
HEAD = (
    "POST /webhooks/sentry HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nConnection: {connection}\r\n"
    "Sentry-Hook-Resource: event_alert\r\nSentry-Hook-Signature: {signature}\r\nContent-Length: {length}\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class Load:
    """What is sent to a `port` of loopback: one issue again and again, or a new one each time; after a warm-up.

    The numbers of new ones begin at `first`.
    """

    port: int
    body: Body
    is_storm: bool
    is_kept_alive: bool
    callers: int
    seconds: float
    first: int = 0


@dataclass(frozen=True, slots=True)
class Answers:
    """What came back: answers a second, latencies in milliseconds, sorted, and how often each status."""

    rate: float
    latencies: tuple[float, ...]
    statuses: dict[int, int]

    def percentile(self, share: float) -> float:
        """Return the latency that `share` of the answers did not exceed, in milliseconds."""
        return self.latencies[min(int(share * len(self.latencies)), len(self.latencies) - 1)]


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer: when (monotonic), after how many seconds, with which status."""

    at: float
    latency: float
    status: int


def call(*loads: Load) -> Answers:
    """Let all callers call, those of several loads at the same time, and return what they saw."""
    context = get_context("spawn")
    number, seconds = PROCESSES * len(loads), loads[0].seconds
    up = context.Barrier(number + 1)
    with ProcessPoolExecutor(number, mp_context=context, initializer=_meet, initargs=(up,)) as pool:
        for _ in range(number):
            pool.submit(abs, 0)
        up.wait()
        begins_at = monotonic() + WARM_UP_SECONDS
        running = [pool.submit(_call, load, share, begins_at) for load in loads for share in range(PROCESSES)]
        seen = [each for process in running for each in process.result()]
    in_time = sum(each.at < begins_at + seconds for each in seen)
    return Answers(
        rate=in_time / seconds,
        latencies=tuple(sorted(each.latency * 1000 for each in seen)),
        statuses=dict(Counter(each.status for each in seen)),
    )


def _meet(up: Barrier) -> None:
    """Wait until all processes are up, this module imported: the clock starts only then."""
    up.wait()


def _call(load: Load, share: int, begins_at: float) -> list[Seen]:
    """Run one process's share of the callers; answers during the warm-up are left out."""
    ends_at = begins_at + load.seconds
    outbox = _Outbox(load, share)
    callers = [_Caller(load) for _ in range(load.callers // PROCESSES)]
    seen: list[Seen] = []
    with selectors.DefaultSelector() as selector:
        for caller in callers:
            selector.register(caller.send(*outbox.next()), selectors.EVENT_READ, caller)
        while selector.get_map() and monotonic() < ends_at + PATIENCE_SECONDS:
            for key, _ in selector.select(1.0):
                caller = key.data
                if (answer := caller.receive()) is None:
                    continue
                selector.unregister(key.fileobj)
                seen.append(answer)
                if answer.at < ends_at:
                    selector.register(caller.send(*outbox.next()), selectors.EVENT_READ, caller)
        seen += [Seen(ends_at, PATIENCE_SECONDS, UNANSWERED) for _ in selector.get_map()]
    return [each for each in seen if each.at >= begins_at]


class _Outbox:
    """Signed alerts, one after the other."""

    def __init__(self, load: Load, share: int) -> None:
        self._load = load
        self._numbers = count(load.first + share * (NUMBERS // PROCESSES))
        self._signed_so_far = hmac.new(SECRET.encode(), load.body.before, "sha256")

    def next(self) -> tuple[bytes, bytes, bytes]:
        """Return the next request in three pieces."""
        event = next(self._numbers)
        number = 0 if self._load.is_storm else event * SCATTER % NUMBERS
        body = self._load.body
        end = f"{number:010d}".encode() + body.after.replace(EVENT.encode(), f"{event:032x}".encode(), 1)
        signature = self._signed_so_far.copy()
        signature.update(end)
        head = HEAD.format(
            connection="keep-alive" if self._load.is_kept_alive else "close",
            signature=signature.hexdigest(),
            length=len(body.before) + len(end),
        )
        return head.encode(), body.before, end


class _Caller:
    """A caller on one connection, or on a new one each time."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._connection: socket.socket | None = None
        self._begun_at = 0.0
        self._received = b""

    def send(self, *pieces: bytes) -> socket.socket:
        """Send a request; return the connection on which to wait for its answer."""
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
