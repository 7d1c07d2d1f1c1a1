"""A stand-in for GitHub on loopback that answers at once, after 300 ms, or never."""

from __future__ import annotations

import json
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from time import monotonic
from typing import Self

SLOW_SECONDS = 0.3


class Pace(StrEnum):
    """How GitHub answers."""

    FAST = "fast"
    SLOW = "slow"
    HANGING = "hanging"


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of who was killed while it waited."""


class PretendGitHub:
    """The stand-in, running; use it as a context. `created_at` holds when each issue was created (monotonic)."""

    def __init__(self, pace: Pace) -> None:
        """Take a free port of loopback."""
        self.created_at: list[float] = []
        self._over = Event()
        self._delay = {Pace.FAST: 0.0, Pace.SLOW: SLOW_SECONDS, Pace.HANGING: None}[pace]
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if outer.hang():
                    return
                outer.created_at.append(monotonic())
                self._answer(201, {"number": len(outer.created_at), "labels": content["labels"]})

            def do_GET(self) -> None:
                if not outer.hang():
                    self._answer(200, {"login": "bench"} if self.path == "/user" else [])

            def _answer(self, status: int, content: object) -> None:
                body = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    @property
    def environ(self) -> dict[str, str]:
        """The settings of a service that files its issues here."""
        url = f"http://127.0.0.1:{self._server.server_port}"
        return {"BOOTY_PREVIEW": "0", "GITHUB_TOKEN": "of-the-bench", "GITHUB_API_URL": url}

    def hang(self) -> bool:
        """Take as long as the pace says; return whether the end came first."""
        return self._over.wait(self._delay)

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.socket.close()
