"""A stand-in for GitHub's issues API on loopback, with the faults of the real one.

It keeps issues with their labels and comments, answers `GET /user`, and refuses what GitHub refuses. `fail` makes the
next calls go wrong. It is not a copy of GitHub: whatever the service does not use is 404.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import unquote

from support.stand_in import Call, Fault, Json, StandIn, says

__all__ = ["LOGIN", "REPOSITORY", "TOKEN", "Call", "Fault", "GitHubStandIn", "Json"]

REPOSITORY = "acme/shop"
TOKEN = "github_pat_of_the_tests"
LOGIN = "booty-bot"
LONGEST_TITLE = 256
ONE_ISSUE = re.compile(r"/(?P<number>[1-9]\d{0,6})(?P<part>/comments|/timeline|/labels|/labels/[^/]+|/assignees)?")
LONGEST_BODY = 65_536


class GitHubStandIn(StandIn):
    """GitHub as one token sees it, for one repository."""

    def __init__(
        self,
        *,
        lag_seconds: float = 0,
        drops_labels: bool = False,
        moved_to: str | None = None,
        repository: str = REPOSITORY,
        token: str = TOKEN,
    ) -> None:
        """Let a list show new issues `lag_seconds` late; `moved_to` is the path of the repository's new address."""
        super().__init__()
        self._repository, self._token = repository, token
        self.issues: list[Json] = []
        self.comments: dict[int, list[Json]] = {}
        self.absences: dict[int, tuple[int, str]] = {}
        """The status and message for issues that are not shown."""
        self.login = LOGIN
        self.token_expires: str | None = None
        """What each answer says about the end of the token, in GitHub's form."""
        self.assignable: set[str] = {"copilot-swe-agent[bot]"}
        """Who may be assigned; GitHub leaves others out in silence, and calls its agent Copilot."""
        self._lag_seconds = lag_seconds
        self._drops_labels = drops_labels
        self._moved_to = moved_to
        self.environ = {"GITHUB_API_URL": self.api_url, "GITHUB_TOKEN": token, "BOOTY_PREVIEW": "0"}

    def drop_labels(self) -> None:
        """Drop the labels of new issues from now on."""
        self._drops_labels = True

    def posts(self) -> list[Call]:
        """Return the calls that were to create an issue."""
        return [call for call in self.calls if call.method == "POST" and call.path.endswith("/issues")]

    def answer(self, call: Call) -> Fault:
        """See `StandIn.answer`; GitHub says with each answer when the token ends, unless it does not know the token."""
        answer = super().answer(call)
        if self.token_expires is None or answer.status == 401:
            return answer
        return replace(answer, headers={**answer.headers, "GitHub-Authentication-Token-Expiration": self.token_expires})

    def knows(self, call: Call) -> bool:
        """Return whether the call's token is a good one."""
        return call.headers.get("Authorization") == f"Bearer {self._token}"

    def judge(self, call: Call) -> Fault:
        """See `StandIn.judge`."""
        old, new = f"/repos/{self._repository}/issues", f"{self._moved_to}/issues"
        if not self.knows(call):
            return says(401, {"message": "Bad credentials"})
        known = {
            "/user": {"login": self.login, "id": 1},
            f"/repos/{self._repository}": {"full_name": self._repository, "archived": False, "has_issues": True},
        }
        if call.path in known:
            return says(200, known[call.path])
        if self._moved_to and call.path == old:
            status = 307 if call.method == "POST" else 301
            return says(status, {"message": "Moved"}, Location=f"{self.api_url}{new}")
        one = ONE_ISSUE.fullmatch(call.path.removeprefix(old))
        if one is not None and int(one["number"]) <= len(self.issues):
            return self._on_issue(call, self.issues[int(one["number"]) - 1], one["part"] or "")
        if call.path not in {old, new}:
            return says(404, {"message": "Not Found"})
        return self._create(call) if call.method == "POST" else self._list(call)

    def _create(self, call: Call) -> Fault:
        draft = call.body
        if not isinstance(draft.get("title"), str) or not 0 < len(draft["title"]) <= LONGEST_TITLE:
            return says(422, {"message": "Validation Failed", "errors": [{"field": "title", "code": "custom"}]})
        if len(draft.get("body", "")) > LONGEST_BODY:
            return says(422, {"message": "Validation Failed", "errors": [{"field": "body", "code": "custom"}]})
        number, now = len(self.issues) + 1, datetime.now(UTC)
        labels = [] if self._drops_labels else draft.get("labels", [])
        issue = {
            "number": number,
            "html_url": f"https://github.com/{self._repository}/issues/{number}",
            "title": draft["title"],
            "body": draft.get("body"),
            "state": "open",
            "user": {"login": self.login},
            "labels": [{"id": index, "name": name, "color": "ededed"} for index, name in enumerate(labels)],
            "created_at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
            "updated_at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        }
        self.issues.append(issue)
        return says(201, issue)

    def _on_issue(self, call: Call, issue: Json, part: str) -> Fault:
        """Do something to one issue, unless it is absent."""
        if issue["number"] in self.absences:
            status, message = self.absences[issue["number"]]
            return says(status, {"message": message})
        return self._on_labels(call, issue, part) if "labels" in part else self._on_one(call, issue, part)

    def _on_labels(self, call: Call, issue: Json, part: str) -> Fault:
        """Put labels on one issue, or take one off."""
        name = unquote(part.removeprefix("/labels/")).lower()
        if call.method == "DELETE":
            if name not in {label.lower() for label in _names(issue["labels"])}:
                return says(404, {"message": "Label does not exist"})
            issue["labels"] = [label for label in issue["labels"] if label["name"].lower() != name]
        else:
            new = [label for label in call.body["labels"] if label not in _names(issue["labels"])]
            issue["labels"] = [*issue["labels"], *({"name": label} for label in new)]
        return says(200, issue["labels"])

    def _on_one(self, call: Call, issue: Json, part: str) -> Fault:
        """Read, change or comment on one issue, or assign accounts to it."""
        if part == "/assignees":
            return self._assign(call, issue)
        if part == "/timeline":
            return says(200, [])
        is_comment = bool(part)
        now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        comments: list[Json] = self.comments.setdefault(issue["number"], [])
        if is_comment and call.method == "POST" and issue.get("locked"):
            return says(403, {"message": "Unable to create comment because issue is locked."})
        if is_comment and call.method == "POST":
            comments.append({"body": call.body["body"], "created_at": now})
            return says(201, comments[-1])
        if is_comment:
            return says(200, [comment for comment in comments if comment["created_at"] >= call.query.get("since", "")])
        if call.method == "PATCH":
            self.change(issue["number"], **call.body)
        return says(200, issue)

    def _assign(self, call: Call, issue: Json) -> Fault:
        named = {"Copilot" if login == "copilot-swe-agent[bot]" else login: login for login in call.body["assignees"]}
        before = [each["login"] for each in issue.get("assignees", [])]
        if call.method == "DELETE":
            after = [login for login in before if login not in named]
        else:
            after = [*before, *(name for name, login in named.items() if login in self.assignable - {*before})]
        issue["assignees"] = [{"login": login} for login in dict.fromkeys(after)]
        return says(200 if call.method == "DELETE" else 201, issue)

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
        return says(200, page, ETag=etag)

    def _listed(self, query: dict[str, str]) -> list[Json]:
        """Return one page: the newest first, or the one that was changed longest ago."""
        shown_until = datetime.fromtimestamp(time.time() - self._lag_seconds, UTC).isoformat()
        state, size, page = query.get("state", "open"), int(query.get("per_page", 30)), int(query.get("page", 1))
        found = [
            issue
            for issue in self._sorted(query.get("sort", "created"), query.get("direction", "desc"))
            if state in {"all", issue["state"]}
            and set(filter(None, query.get("labels", "").split(","))) <= _names(issue["labels"])
            and ("creator" not in query or (issue["user"] or {}).get("login") == query["creator"])
            and issue["updated_at"] >= query.get("since", "")
            and (not self._lag_seconds or issue["created_at"] < shown_until)
        ]
        return found[size * (page - 1) : size * page]

    def _sorted(self, by: str, direction: str) -> Iterable[Json]:
        if by == "updated":
            return sorted(self.issues, key=lambda issue: str(issue["updated_at"]))
        return self.issues if direction == "asc" else reversed(self.issues)


def _names(labels: list[Json | str]) -> set[str]:
    """Return the names of labels, which GitHub may give as objects or as text."""
    return {label if isinstance(label, str) else label["name"] for label in labels}
