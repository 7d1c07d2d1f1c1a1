"""A stand-in for what the workflow meets: GitHub's API, the public address of the service, Sentry.

One server on loopback; GitHub under `/repos`, the service under `/health`, Sentry under `/api/0`. What was not taught
is answered with 404. Bodies are those of `github_bodies`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from support.workflow import github_bodies as bodies

from deploy.pipeline.github.rest import GitHub


@dataclass(frozen=True, slots=True)
class Call:
    """One request that reached the stand-in."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: Any


@dataclass
class StandIn:
    """The server, and what it was taught.

    `served_file` holds the SHA that the public address names; without it that address is broken.
    """

    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    served_file: Path | None = None

    def __enter__(self) -> Self:
        outside = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                """Say nothing: the calls are recorded."""

            def do_GET(self) -> None:
                outside.answer(self)

            def do_POST(self) -> None:
                outside.answer(self)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def address(self) -> str:
        """`127.0.0.1:PORT`."""
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def url(self) -> str:
        """The address as a URL without a slash at its end."""
        return f"http://{self.address}"

    @property
    def github(self) -> GitHub:
        """A client of its GitHub."""
        return GitHub(self.url, bodies.REPOSITORY, "token")

    def teach(self, request: str, body: object, *, status: int = 200) -> None:
        """Answer `METHOD path` with this; a path of GitHub's is written from the repository on.

        A body of bytes is the whole answer, status line too, after which the connection is closed.
        """
        method, path = request.split(" ", 1)
        whole = path if path.startswith("/") else f"/repos/{bodies.REPOSITORY}/{path}"
        self.answers[f"{method} {whole}"] = (status, body)

    def called(self, method: str, ending: str) -> list[Call]:
        """List the requests whose path ends so."""
        return [call for call in self.calls if call.method == method and call.path.endswith(ending)]

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one request as taught."""
        address = urlsplit(request.path)
        sent = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        body = json.loads(sent) if sent else None
        headers = dict(request.headers.items())
        self.calls.append(Call(request.command, address.path, parse_qs(address.query), headers, body))
        status, answer = self._find(f"{request.command} {address.path}")
        if isinstance(answer, bytes):
            request.close_connection = True
            request.wfile.write(answer)
            return
        content = json.dumps(answer).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    def _find(self, request: str) -> tuple[int, Any]:
        if request == "GET /health":
            if self.served_file is None or not self.served_file.exists():
                return 502, {}
            return 200, {"status": "ok", "release": f"booty@{self.served_file.read_text()}"}
        return self.answers.get(request, (404, {"message": "Not Found"}))
