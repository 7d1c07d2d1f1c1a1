"""One HTTP server for Prometheus, on an address or a socket that only one process can have."""

from __future__ import annotations

import errno
import fcntl
import logging
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import TCPServer
from threading import Thread

from booty.observability.config.bind import Bind

log = logging.getLogger(__name__)

PATH = "/metrics"
SECONDS = 5
"""How long a caller may keep the server to itself, silent."""

Render = Callable[[str], tuple[str, bytes]]
"""Returns the media type, and the metrics in it, for the Accept header of a request."""


class Server:
    """Serves until its process ends; the system then frees the address for another."""

    def __init__(self, bind: Bind, render: Render) -> None:
        """Take the address. Raises `OSError`: `BlockingIOError`, or `EADDRINUSE`, while another process has it."""
        self._path = bind.path
        self._lock = None if bind.path is None else _take_path(bind.path)
        family = socket.AF_UNIX if bind.path else socket.AF_INET6 if ":" in bind.host else socket.AF_INET
        try:
            self._server = _server_of(family, str(bind.path) if bind.path else (bind.host, bind.port), render)
        except OSError:
            self._give_path_back()
            raise
        Thread(target=self._server.serve_forever, name="metrics-server", daemon=True).start()

    def stop(self) -> None:
        """Give the address back."""
        self._server.shutdown()
        self._server.server_close()
        self._give_path_back()

    def _give_path_back(self) -> None:
        if self._lock is not None and self._path is not None:
            with suppress(OSError):
                self._path.unlink()  # only now: nobody else has the lock
            os.close(self._lock)


def _take_path(path: Path) -> int:
    """Return a lock beside the socket's path, held; whoever left a socket there is gone. Raises `OSError`."""
    lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if path.is_socket():
            path.unlink()
        elif path.exists():
            raise FileExistsError(errno.EEXIST, "something that is not a socket is there")
    except OSError:
        os.close(lock)
        raise
    return lock


def _server_of(family: socket.AddressFamily, address: str | tuple[str, int], render: Render) -> TCPServer:
    class Listening(TCPServer):
        address_family = family
        allow_reuse_address = True

        def handle_error(self, request: object, client_address: object) -> None:
            del request, client_address
            log.exception("metrics_failed")  # noqa: LOG004 - the server calls it while it handles one

    return Listening(address, partial(_Handler, render))  # type: ignore[arg-type]  # a path is the address of a socket


class _Handler(BaseHTTPRequestHandler):
    timeout = SECONDS

    def __init__(self, render: Render, *request: object) -> None:
        self._render = render
        with suppress(ConnectionError, TimeoutError):  # whoever asked is gone
            super().__init__(*request)  # type: ignore[arg-type]  # as the server gives them

    def do_GET(self) -> None:
        if self.path.partition("?")[0] != PATH:
            self.send_error(404)
            return
        media_type, text = self._render(self.headers.get("Accept", ""))
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
        """Say nothing: one line a scrape would hide all others."""
