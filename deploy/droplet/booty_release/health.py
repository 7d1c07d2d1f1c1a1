"""Which release answers on a unix socket: only `/health` answering 200 with its name counts."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

STEADY_LIMIT, JOIN_LIMIT = 10.0, 10.0  # seconds for the answers that are asked for
_TIMEOUT = 2.0  # seconds for each step of one answer, and for all of its body
_PAUSE = 0.02  # seconds between two questions
_JOINED = 3  # answers of the new release that prove it serves beside the old one
_ALL_GOOD = 100  # answers beside another process of the same release: any of them may be the new one's
_AT_ONCE = 8  # questions at a time to a socket that two releases share
_LONGEST = 64 * 1024  # bytes of an answer that are read


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: HTTP status (0: none came), the SHA of the release that gave it, how it says that it is."""

    status: int
    sha: str | None
    says: str = ""

    def is_from(self, sha: str) -> bool:
        """Return whether release `sha` answered that it is well."""
        return self.status == http.HTTPStatus.OK and self.sha == sha

    def is_excuse_of(self, sha: str) -> bool:
        """Return whether release `sha` answered that it cannot store anything, which a droplet can be the cause of."""
        return self.says == "ledger_unusable" and self.sha == sha


class UnixConnection(http.client.HTTPConnection):
    """HTTP over the unix socket at `path`; every step takes at most `timeout` seconds."""

    def __init__(self, path: Path, *, timeout: float = _TIMEOUT) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        """Connect to the socket. Raises OSError."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def ask(path: Path) -> Answer:
    """Ask once, on a new connection."""
    connection = UnixConnection(path)
    try:
        connection.request("GET", "/health", headers={"Connection": "close"})
        response = connection.getresponse()
        said = json.loads(_read(response))
        return Answer(response.status, str(said["release"]).removeprefix("booty@"), str(said.get("status")))
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError, RecursionError):
        return Answer(0, None)
    finally:
        connection.close()


def _read(response: http.client.HTTPResponse) -> bytes:
    """Return what comes in time: a body that trickles in would hold up a deploy beyond every limit."""
    deadline, said = time.monotonic() + _TIMEOUT, b""
    while len(said) < _LONGEST and time.monotonic() < deadline and (part := response.read1(_LONGEST)):
        said += part
    return said


def is_steady(path: Path, sha: str, *, answers: int = 5, within: float = STEADY_LIMIT) -> bool:
    """Return whether `answers` in a row come from `sha`, before `within` seconds are over."""
    deadline = time.monotonic() + within
    row = 0
    while row < answers and time.monotonic() < deadline:
        row = row + 1 if ask(path).is_from(sha) else 0
        time.sleep(_PAUSE)
    return row >= answers


def all_from(path: Path, sha: str) -> bool:
    """Return whether each of several answers at once comes from `sha`."""
    with ThreadPoolExecutor(_AT_ONCE) as callers:
        return all(answer.is_from(sha) for answer in callers.map(ask, [path] * _AT_ONCE))


def joins(path: Path, sha: str, *, beside: str | None, alive: Callable[[], bool], within: float = JOIN_LIMIT) -> bool:
    """Return whether `sha`, while `alive`, answers on a socket that it shares with `beside`.

    With a healthy release beside it, the first answer that names neither decides: it can only be the new one's.
    Where `beside` is `sha` too, nobody can see which one answers, so it takes many answers.
    Asks several times at once: one question at a time may go to the old release alone for seconds.
    """
    deadline = time.monotonic() + within
    seen, wanted = 0, _ALL_GOOD if beside == sha else _JOINED
    with ThreadPoolExecutor(_AT_ONCE) as callers:
        while seen < wanted and time.monotonic() < deadline and alive():
            answers = list(callers.map(ask, [path] * _AT_ONCE))
            seen += sum(answer.is_from(sha) for answer in answers)
            if beside and not all(answer.is_from(sha) or answer.is_from(beside) for answer in answers):
                return False
            time.sleep(_PAUSE)
    return seen >= wanted
