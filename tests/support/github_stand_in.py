"""A stand-in for GitHub's issues API on loopback, with the faults of the real one.

It keeps issues with their labels and comments, answers `GET /user`, and refuses what GitHub refuses. `fail` makes the
next calls go wrong. It is not a copy of GitHub: whatever the service does not use is 404.
"""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import parse_qsl, unquote, urlsplit

Json = dict[str, Any]

REPOSITORY = "acme/shop"
TOKEN = "github_pat_of_the_tests"
LOGIN = "booty-bot"
LONGEST_TITLE = 256
ONE_ISSUE = re.compile(r"/(?P<number>[1-9]\d{0,6})(?P<part>/comments|/timeline|/labels|/labels/[^/]+)?")
LONGEST_BODY = 65_536


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


class GitHubStandIn:
    """GitHub as one token sees it, for one repository; use it as a context.

    While `may_answer` is clear it does what it is asked, and answers later.
    """

    def __init__(self, *, lag_seconds: float = 0, drops_labels: bool = False, moved_to: str | None = None) -> None:
        """Let a list show new issues `lag_seconds` late; `moved_to` is the path of the repository's new address."""
        self.issues: list[Json] = []
        self.comments: dict[int, list[Json]] = {}
        self.absences: dict[int, tuple[int, str]] = {}
        """The status and message for issues that are not shown."""
        self.calls: list[Call] = []
        self.login = LOGIN
        self._lag_seconds = lag_seconds
        self._drops_labels = drops_labels
        self._moved_to = moved_to
        self._spells: list[_Spell] = []
        self._changing = Lock()
        self.closing = Event()
        self.may_answer = Event()
        self.may_answer.set()
        stand_in = self

        class Handler(_Handler):
            github = stand_in

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.api_url = f"http://127.0.0.1:{self._server.server_port}"
        self.environ = {"GITHUB_API_URL": self.api_url, "GITHUB_TOKEN": TOKEN, "BOOTY_PREVIEW": "0"}

    def fail(self, fault: Fault, *, method: str = "POST", times: int = 1_000_000, seconds: float = 3600) -> None:
        """Make the next `times` calls of `method` go wrong, for at most `seconds`."""
        self._spells.append(_Spell(method, fault, times, time.monotonic() + seconds))

    def posts(self) -> list[Call]:
        """Return the calls that were to create an issue."""
        return [call for call in self.calls if call.method == "POST" and call.path.endswith("/issues")]

    def answer(self, call: Call) -> Fault:
        """Do what the call asks for; return how to answer it."""
        with self._changing:
            self.calls.append(call)
            fault = self._fault(call.method)
            if fault is None:
                return self._judge(call)
            if fault.creates:
                self._judge(call)
            return fault

    def _fault(self, method: str) -> Fault | None:
        for spell in self._spells:
            if spell.method == method and spell.times > 0 and time.monotonic() < spell.ends_at:
                spell.times -= 1
                return spell.fault
        return None

    def _judge(self, call: Call) -> Fault:
        old, new = f"/repos/{REPOSITORY}/issues", f"{self._moved_to}/issues"
        if call.headers.get("Authorization") != f"Bearer {TOKEN}":
            return _says(401, {"message": "Bad credentials"})
        known = {
            "/user": {"login": self.login, "id": 1},
            f"/repos/{REPOSITORY}": {"full_name": REPOSITORY, "archived": False, "has_issues": True},
        }
        if call.path in known:
            return _says(200, known[call.path])
        if self._moved_to and call.path == old:
            status = 307 if call.method == "POST" else 301
            return _says(status, {"message": "Moved"}, Location=f"{self.api_url}{new}")
        one = ONE_ISSUE.fullmatch(call.path.removeprefix(old))
        if one is not None and int(one["number"]) <= len(self.issues):
            return self._on_issue(call, self.issues[int(one["number"]) - 1], one["part"] or "")
        if call.path not in {old, new}:
            return _says(404, {"message": "Not Found"})
        return self._create(call) if call.method == "POST" else self._list(call)

    def _create(self, call: Call) -> Fault:
        draft = call.body
        if not isinstance(draft.get("title"), str) or not 0 < len(draft["title"]) <= LONGEST_TITLE:
            return _says(422, {"message": "Validation Failed", "errors": [{"field": "title", "code": "custom"}]})
        if len(draft.get("body", "")) > LONGEST_BODY:
            return _says(422, {"message": "Validation Failed", "errors": [{"field": "body", "code": "custom"}]})
        number, now = len(self.issues) + 1, datetime.now(UTC)
        labels = [] if self._drops_labels else draft.get("labels", [])
        issue = {
            "number": number,
            "html_url": f"https://github.com/{REPOSITORY}/issues/{number}",
            "title": draft["title"],
            "body": draft.get("body"),
            "state": "open",
            "user": {"login": self.login},
            "labels": [{"id": index, "name": name, "color": "ededed"} for index, name in enumerate(labels)],
            "created_at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
            "updated_at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        }
        self.issues.append(issue)
        return _says(201, issue)

    def _on_issue(self, call: Call, issue: Json, part: str) -> Fault:
        """Do something to one issue, unless it is absent."""
        if issue["number"] in self.absences:
            status, message = self.absences[issue["number"]]
            return _says(status, {"message": message})
        return self._on_labels(call, issue, part) if "labels" in part else self._on_one(call, issue, part)

    def _on_labels(self, call: Call, issue: Json, part: str) -> Fault:
        """Put labels on one issue, or take one off."""
        name = unquote(part.removeprefix("/labels/")).lower()
        if call.method == "DELETE":
            if name not in {label.lower() for label in _names(issue["labels"])}:
                return _says(404, {"message": "Label does not exist"})
            issue["labels"] = [label for label in issue["labels"] if label["name"].lower() != name]
        else:
            new = [label for label in call.body["labels"] if label not in _names(issue["labels"])]
            issue["labels"] = [*issue["labels"], *({"name": label} for label in new)]
        return _says(200, issue["labels"])

    def _on_one(self, call: Call, issue: Json, part: str) -> Fault:
        """Read, change or comment on one issue."""
        if part == "/timeline":
            return _says(200, [])
        is_comment = bool(part)
        now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        comments: list[Json] = self.comments.setdefault(issue["number"], [])
        if is_comment and call.method == "POST" and issue.get("locked"):
            return _says(403, {"message": "Unable to create comment because issue is locked."})
        if is_comment and call.method == "POST":
            comments.append({"body": call.body["body"], "created_at": now})
            return _says(201, comments[-1])
        if is_comment:
            return _says(200, [comment for comment in comments if comment["created_at"] >= call.query.get("since", "")])
        if call.method == "PATCH":
            self.change(issue["number"], **call.body)
        return _says(200, issue)

    def change(self, number: int, **change: object) -> None:
        """Change an issue, as a PATCH or a person does."""
        issue, now = self.issues[number - 1], f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        issue |= change | {"updated_at": now}
        if "state" in change:
            issue["closed_at"] = now if change["state"] == "closed" else None

    def _list(self, call: Call) -> Fault:
        """Return one page, unless it is still the one that the call has."""
        page = self._listed(call.query)
        etag = f'"{sha256(json.dumps(page).encode()).hexdigest()}"'
        if call.headers.get("If-None-Match") == etag:
            return Fault(304, {"ETag": etag}, b"")
        return _says(200, page, ETag=etag)

    def _listed(self, query: dict[str, str]) -> list[Json]:
        """Return one page: the newest first, or the one that was changed longest ago."""
        shown_until = datetime.fromtimestamp(time.time() - self._lag_seconds, UTC).isoformat()
        state, size, page = query.get("state", "open"), int(query.get("per_page", 30)), int(query.get("page", 1))
        found = [
            issue
            for issue in self._sorted(query.get("sort", "created"))
            if state in {"all", issue["state"]}
            and set(filter(None, query.get("labels", "").split(","))) <= _names(issue["labels"])
            and ("creator" not in query or (issue["user"] or {}).get("login") == query["creator"])
            and issue["updated_at"] >= query.get("since", "")
            and (not self._lag_seconds or issue["created_at"] < shown_until)
        ]
        return found[size * (page - 1) : size * page]

    def _sorted(self, by: str) -> Iterable[Json]:
        if by == "updated":
            return sorted(self.issues, key=lambda issue: str(issue["updated_at"]))
        return reversed(self.issues)

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self.may_answer.set()
        self._server.shutdown()
        self._server.server_close()


def _names(labels: list[Json | str]) -> set[str]:
    """Return the names of labels, which GitHub may give as objects or as text."""
    return {label if isinstance(label, str) else label["name"] for label in labels}


def _says(status: int, content: object, **headers: str) -> Fault:
    return Fault(status, headers, json.dumps(content).encode())


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that is killed or gives up is what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    github: GitHubStandIn

    def do_GET(self) -> None:
        self._take({})

    def do_POST(self) -> None:
        self._take(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def do_PATCH(self) -> None:
        self.do_POST()

    def do_DELETE(self) -> None:
        self._take({})

    def _take(self, body: Json) -> None:
        url = urlsplit(self.path)
        query, headers = dict(parse_qsl(url.query)), dict(self.headers.items())
        answer = self.github.answer(Call(time.time(), self.command, url.path, query, headers, body))
        self.github.may_answer.wait()
        if answer.manner == "hang":
            self.github.closing.wait()
        elif answer.manner == "drop":
            self.connection.shutdown(socket.SHUT_RDWR)
        else:
            self._send(answer)

    def _send(self, answer: Fault) -> None:
        self.send_response(answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if answer.manner == "answer":
            self.wfile.write(answer.body)
            return
        for byte in answer.body:
            if self.github.closing.wait(0.05):
                return
            self.wfile.write(bytes([byte]))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
        """Say nothing on stderr."""
