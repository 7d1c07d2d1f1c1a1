"""Which release answers on a socket that two of them share."""

from __future__ import annotations

import json
import socketserver
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path

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
