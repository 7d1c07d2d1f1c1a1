"""The real service for tests, demo and bench: gunicorn with the project's own settings on a socket of its own.

The caller holds the listening socket, as systemd does: a request that arrives while no process runs waits.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple, Self

from booty.observability.sentry.signature import sign

ROOT = Path(__file__).parents[2]
SECRET = "a-secret-of-the-tests"
PATIENCE = 30.0
"""Seconds that a start, a stop or an answer may take before something is wrong."""


class Answer(NamedTuple):
    """An HTTP answer: status and JSON body."""

    status: int
    content: dict[str, object]


def eventually(is_so: Callable[[], bool], *, within: float = PATIENCE) -> bool:
    """Ask again and again until `is_so`, at most `within` seconds; return whether it came true."""
    ends_at = time.monotonic() + within
    while not is_so():
        if time.monotonic() > ends_at:
            return False
        select.select([], [], [], 0.05)
    return True


class Service:
    """gunicorn, running; use it as a context, which stops it by SIGTERM."""

    folder = ROOT
    """Where it is started."""

    def __init__(
        self, state: Path, environ: Mapping[str, str] | None = None, *, arguments: tuple[str, ...] = ()
    ) -> None:
        self.state = state
        self.log = state.parent / f"{state.name}.log"
        self.environ = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "SENTRY_WEBHOOK_SECRET": SECRET,
            "TARGET_REPO_URL": "acme/shop",
            "BOOTY_STATE_DIR": str(state),
            "BOOTY_PREVIEW": "1",
            **(environ or {}),
        }
        self._arguments = arguments
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port: int = self._listener.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, listener: int) -> list[str]:
        """Return what starts the server on the socket with this descriptor."""
        return [sys.executable, "-m", "gunicorn", "--bind", f"fd://{listener}", *self._arguments]

    def start(self) -> None:
        """Start gunicorn and wait until it answers."""
        listener = self._listener.fileno()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(listener),
                cwd=self.folder,
                env=self.environ,
                pass_fds=(listener,),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if not eventually(self._answers_or_ended) or self.process.poll() is not None:
            raise RuntimeError(f"the service did not start:\n{self.log.read_text()}")

    def _answers_or_ended(self) -> bool:
        assert self.process is not None
        try:
            return self.process.poll() is not None or self.get("/health", patience=1.0).status > 0
        except OSError:
            return False

    def get(self, path: str, *, patience: float = PATIENCE) -> Answer:
        """Ask for `path`."""
        return self._ask("GET", path, b"", {}, patience)

    def post(self, body: bytes, *, resource: str = "event_alert", headers: Mapping[str, str] | None = None) -> Answer:
        """Send `body` as Sentry would, signed; `headers` replace or add to Sentry's own."""
        own = {
            "Content-Type": "application/json",
            "Sentry-Hook-Resource": resource,
            "Sentry-Hook-Signature": sign(body, SECRET),
        }
        return self._ask("POST", "/webhooks/sentry", body, own | dict(headers or {}), PATIENCE)

    def _ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str], patience: float) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=patience)
        try:
            connection.request(method, path, body, dict(headers))
            response = connection.getresponse()
            return Answer(response.status, json.loads(response.read()))
        finally:
            connection.close()

    def log_lines(self) -> list[dict[str, object]]:
        """Return what the service logged, one JSON object an event."""
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]

    def events(self, name: str) -> list[dict[str, object]]:
        """Return the logged events of one name."""
        return [line for line in self.log_lines() if line["event"] == name]

    def patience_with_silence(self, seconds: int) -> int:
        """Let callers pass so many seconds in silence amid a request; return how many they might so far."""
        kind, form = (socket.SOL_SOCKET, socket.SO_RCVTIMEO), struct.Struct("ll")
        before, _ = form.unpack(self._listener.getsockopt(*kind, form.size))
        self._listener.setsockopt(*kind, form.pack(seconds, 0))
        return int(before)

    def workers(self) -> list[int]:
        """Return the process ids of the workers."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def kill(self) -> None:
        """Kill every process at once, as a power cut would."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    @staticmethod
    def kill_worker(worker: int) -> None:
        """Kill one worker, by its process id."""
        os.kill(worker, signal.SIGKILL)

    def stop(self) -> int:
        """Stop it as systemd does, by SIGTERM; return the exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(PATIENCE)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process is not None and self.process.poll() is None:
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                self.kill()
        self._listener.close()
