"""A stand-in on loopback for whoever is told that the pipe is well: healthchecks.io, Sentry's Crons."""

from __future__ import annotations

import gzip
import json
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Self

CHECK = "/3f0c9a1e-uuid-of-the-check"


@dataclass(frozen=True, slots=True)
class Ping:
    """One call as it arrived, with when (unix seconds)."""

    at: float
    method: str
    path: str
    body: str
    headers: dict[str, str]

    @property
    def is_well(self) -> bool:
        """It says that all is well."""
        return (self.method, self.path, self.body) == ("GET", CHECK, "")


class MonitorStandIn:
    """The monitor; use it as a context. `status` is what it answers."""

    def __init__(self) -> None:
        self.pings: list[Ping] = []
        self.check_ins: list[dict[str, Any]] = []
        self.status = 200
        monitor = self

        class Handler(_Handler):
            stand_in = monitor

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        host = f"127.0.0.1:{self._server.server_port}"
        self.url, self.dsn = f"http://{host}{CHECK}", f"http://public@{host}/1"

    def take(self, ping: Ping, raw: bytes) -> int:
        """Keep a call; return the status to answer."""
        if ping.path != "/api/1/envelope/":
            self.pings.append(ping)
            return self.status
        envelope = gzip.decompress(raw) if ping.headers.get("Content-Encoding") == "gzip" else raw
        _, *items = envelope.splitlines()
        kinds, bodies = (json.loads(line) for line in items[::2]), (json.loads(line) for line in items[1::2])
        self.check_ins += [body for kind, body in zip(kinds, bodies, strict=True) if kind["type"] == "check_in"]
        return 200

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    stand_in: MonitorStandIn

    def do_GET(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = dict(self.headers.items())
        ping = Ping(time.time(), self.command, self.path, raw.decode("utf-8", "replace"), headers)
        self.send_response(self.stand_in.take(ping, raw))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
        """Say nothing on stderr."""
