"""Which release answers on a socket that two of them share."""

from __future__ import annotations

import contextlib
import json
import socketserver
import threading
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import ClassVar

from booty_release import health

OLD, NEW = "a" * 40, "b" * 40


class Shared(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """A socket whose old release takes every caller who comes alone; of two at once, one meets the new one."""

    daemon_threads = True
    request_queue_size = 16

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), Answers)
        self.pair = threading.Barrier(2)


class Answers(BaseHTTPRequestHandler):
    """Answers /health for one of the two."""

    server: Shared

    def do_GET(self) -> None:
        """Say who answers."""
        try:
            sha = NEW if self.server.pair.wait(timeout=0.5) else OLD
        except threading.BrokenBarrierError:
            sha = OLD
        said = json.dumps({"release": f"booty@{sha}"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def address_string(self) -> str:
        """Name nobody: a unix socket has no address."""
        return "nobody"


def test_a_new_release_is_seen_beside_one_that_takes_every_caller_who_comes_alone(tmp_path: Path) -> None:
    path = tmp_path / "live.sock"
    with Shared(path) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()

        joined = health.joins(path, NEW, beside=OLD, alive=lambda: True, within=3.0)

        server.shutdown()
    assert joined


class Trickle(Answers):
    """Answers with a body that never ends."""

    over: ClassVar = threading.Event()

    def do_GET(self) -> None:
        """Send a byte now and then, until nobody listens."""
        self.send_response(200)
        self.end_headers()
        with contextlib.suppress(OSError):
            while not self.over.wait(0.05):
                self.wfile.write(b" ")


class Trickling(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """A socket whose release never comes to the end of an answer."""

    daemon_threads = True


def test_an_answer_that_never_ends_is_none(tmp_path: Path) -> None:
    path = tmp_path / "live.sock"
    with Trickling(str(path), Trickle) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        begun = time.monotonic()

        answer = health.ask(path)

        Trickle.over.set()
        server.shutdown()
    assert answer.status == 0
    assert time.monotonic() - begun < 10
