"""A server on loopback that stands in for somebody else's API: what it was asked, how it is made to fail."""

from __future__ import annotations

import json
import socket
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any, Literal, Self
from urllib.parse import parse_qsl, urlsplit

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """How a call goes wrong; `creates` says whether a POST makes its issue first, as a lost answer leaves it."""

    status: int = 503
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b'{"message": "No server is currently available to service your request."}'
    creates: bool = False
    manner: Literal["answer", "drop", "hang", "trickle"] = "answer"
    """`drop` closes without an answer, `hang` never gives one, `trickle` sends the body a byte at a time."""


@dataclass(slots=True)
class _Spell:
    """A fault, for so many calls or until so late."""

    method: str
    path: str
    fault: Fault
    times: int
    ends_at: float


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it arrived, with when (unix seconds)."""

    at: float
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Json


class StandIn(ABC):
    """An API as one token sees it; use it as a context.

    While `may_answer` is clear it does what it is asked, and answers later.
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._spells: list[_Spell] = []
        self._changing = Lock()
        self.closing = Event()
        self.may_answer = Event()
        self.may_answer.set()
        stand_in = self

        class Handler(_Handler):
            api = stand_in

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.api_url = f"http://127.0.0.1:{self._server.server_port}"

    @abstractmethod
    def judge(self, call: Call) -> Fault:
        """Do what the call asks for; return how to answer it."""

    def fail(
        self, fault: Fault, *, method: str = "POST", path: str = "", times: int = 1_000_000, seconds: float = 3600
    ) -> None:
        """Make the next `times` calls of `method` go wrong that have `path` in theirs, for at most `seconds`."""
        self._spells.append(_Spell(method, path, fault, times, time.monotonic() + seconds))

    def forgive(self) -> None:
        """Let all calls go well again."""
        self._spells.clear()

    def answer(self, call: Call) -> Fault:
        """Do what the call asks for; return how to answer it."""
        with self._changing:
            self.calls.append(call)
            fault = self._fault(call)
            if fault is None:
                return self.judge(call)
            if fault.creates:
                self.judge(call)
            return fault

    def _fault(self, call: Call) -> Fault | None:
        for spell in self._spells:
            is_meant = spell.method == call.method and spell.path in call.path
            if is_meant and spell.times > 0 and time.monotonic() < spell.ends_at:
                spell.times -= 1
                return spell.fault
        return None

    def close(self) -> None:
        """Give up the socket of a server that was not started."""
        self._server.server_close()

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.may_answer.set()
        self._server.shutdown()
        self._server.server_close()


def says(status: int, content: object, **headers: str) -> Fault:
    """Return an answer of JSON."""
    return Fault(status, headers, json.dumps(content).encode())


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that is killed or gives up is what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    api: StandIn

    def do_GET(self) -> None:
        self._take({})

    def do_POST(self) -> None:
        self._take(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def do_PATCH(self) -> None:
        self.do_POST()

    def do_PUT(self) -> None:
        self.do_POST()

    def do_DELETE(self) -> None:
        self._take(json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}"))

    def _take(self, body: Json) -> None:
        url = urlsplit(self.path)
        query, headers = dict(parse_qsl(url.query)), dict(self.headers.items())
        answer = self.api.answer(Call(time.time(), self.command, url.path, query, headers, body))
        self.api.may_answer.wait()
        if answer.manner == "hang":
            self.api.closing.wait()
        elif answer.manner == "drop":
            self.connection.shutdown(socket.SHUT_RDWR)
        else:
            self._send(answer)

    def _send(self, answer: Fault) -> None:
        self.send_response_only(answer.status)
        own = {"Date": self.date_time_string(), "Content-Length": str(len(answer.body))}
        for name, value in {**own, **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if answer.manner == "answer":
            self.wfile.write(answer.body)
            return
        for byte in answer.body:
            if self.api.closing.wait(0.05):
                return
            self.wfile.write(bytes([byte]))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
        """Say nothing on stderr."""
