"""A stand-in for GitHub that also knows one commit of its repository: the files, the date, who touched what."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import unquote

from support.github_stand_in import REPOSITORY, Call, Fault, GitHubStandIn

Kind = Literal["compare", "tag", "tree", "date", "commits", "pulls"]

KINDS: dict[Kind, str] = {
    "compare": r"compare/HEAD\.\.\.(?:HEAD|[0-9a-f]{40})",
    "tag": r"git/(ref/tags/booty%40|tags/)[0-9a-f]{40}",
    "tree": r"git/trees/3f6c1d0[0-9a-f]{33}",
    "date": r"git/commits/3f6c1d0[0-9a-f]{33}",
    "commits": "commits",
    "pulls": r"commits/[0-9a-f]{40}/pulls",
}
SHA = "3f6c1d0e9b8a7f6e5d4c3b2a19081726354453f2"
RELEASED_AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
API = "https://api.github.com"
NOBODY = {"name": "Ada", "email": "ada@acme.example"}


def tree_of(paths: Sequence[str], *, truncated: bool = False) -> dict[str, Any]:
    """Write the answer to `GET git/trees/{sha}?recursive=1`, with the folders that GitHub lists as well."""
    folders = {path.rpartition("/")[0] for path in paths if "/" in path}
    entries = [(folder, "tree", "040000") for folder in sorted(folders)] + [(path, "blob", "100644") for path in paths]
    listed = [
        {"path": path, "mode": mode, "type": kind, "sha": "b" * 40, "url": f"{API}/{kind}"}
        for path, kind, mode in entries
    ]
    return {"sha": "c" * 40, "url": f"{API}/tree", "tree": listed, "truncated": truncated}


def commit_of(
    message: str, *, sha: str = "a" * 40, login: str | None = "ada-l", at: datetime = RELEASED_AT, name: str = "Ada"
) -> dict[str, Any]:
    """Write one commit as the list of commits holds it; without `login`, GitHub knows no account for it."""
    person = NOBODY | {"name": name, "date": f"{at:%Y-%m-%dT%H:%M:%SZ}"}
    return {
        "sha": sha,
        "node_id": "C_1",
        "url": f"{API}/commits/{sha}",
        "html_url": f"https://github.com/{REPOSITORY}/commit/{sha}",
        "comments_url": f"{API}/comments",
        "commit": {
            "message": message,
            "author": person,
            "committer": person,
            "tree": {"sha": "c" * 40, "url": f"{API}/tree"},
            "url": f"{API}/git/commits/{sha}",
            "comment_count": 0,
        },
        "author": {"login": login, "id": 1} if login else None,
        "committer": {"login": login, "id": 1} if login else None,
        "parents": [],
    }


def comparison_of(status: str) -> dict[str, Any]:
    """Write the answer to `GET compare/{base}...{head}` beyond its first page, which has neither commits nor files."""
    ahead, behind = {"ahead": (2, 0), "behind": (0, 2), "identical": (0, 0), "diverged": (3, 5)}[status]
    counts = {"ahead_by": ahead, "behind_by": behind, "total_commits": ahead}
    return {"url": f"{API}/compare", "status": status, **counts, "commits": [], "files": []}


def pull_of(
    number: int,
    *,
    merged_at: str | None = "2026-11-20T09:00:00Z",
    ref: str = "main",
    repository: str = REPOSITORY,
) -> dict[str, Any]:
    """Write a pull request as `GET commits/{sha}/pulls` holds it."""
    return {
        "number": number,
        "title": "<h1>anybody's</h1>",
        "html_url": "https://elsewhere.example/pull/1",
        "state": "closed" if merged_at else "open",
        "merged_at": merged_at,
        "base": {"ref": ref, "sha": "d" * 40, "repo": {"full_name": repository, "default_branch": "main"}},
    }


class RepositoryStandIn(GitHubStandIn):
    """GitHub with `paths` and `commits` at the commit `SHA` of the default branch; `faults` say which calls go wrong.

    `standings` say how other commits compare with the default branch, `tags` what each tag points to by itself, and
    `annotated` what the annotated ones do; `pulls` are those of every commit.
    """

    def __init__(self, paths: Sequence[str] = (), commits: Sequence[dict[str, Any]] = ()) -> None:
        super().__init__()
        self.tree = tree_of(paths)
        self.commits = list(commits)
        self.pulls: list[dict[str, Any]] = []
        self.standings: dict[str, str | None] = {SHA: "behind", "HEAD": "identical"}
        self.tags: dict[str, tuple[str, str]] = {}
        self.annotated: dict[str, tuple[str, str]] = {}
        self.faults: dict[Kind, Fault] = {}
        self.reads: list[Call] = []

    def answer(self, call: Call) -> Fault:
        """Do what the call asks for; return how to answer it."""
        kind = _kind(call)
        if kind is None:
            return super().answer(call)
        self.reads.append(call)
        return self.faults.get(kind) or self._content(kind, call)

    def _content(self, kind: Kind, call: Call) -> Fault:
        name = unquote(call.path.rpartition("/")[2])
        content: dict[Kind, object] = {
            "compare": self.standings.get(name.removeprefix("HEAD...")),
            "tag": (self.annotated if "/git/tags/" in call.path else self.tags).get(name),
            "tree": self.tree,
            "date": commit_of("Release", sha=SHA)["commit"],
            "commits": self.commits[: int(call.query.get("per_page", 30))],
            "pulls": self.pulls,
        }
        if (answer := content[kind]) is None:
            return Fault(404, body=b'{"message": "Not Found", "status": "404"}')
        if kind == "compare":
            answer = comparison_of(str(answer))
        elif kind == "tag":
            answer = {"url": f"{API}/git/{name}", "object": dict(zip(("type", "sha"), answer, strict=True))}  # type: ignore[call-overload]  # a pair, as in `tags`
        return Fault(200, body=json.dumps(answer).encode())


def ages(*hours: float) -> list[datetime]:
    """Return times so many hours before the release."""
    return [RELEASED_AT - timedelta(hours=each) for each in hours]


def _kind(call: Call) -> Kind | None:
    path = call.path.removeprefix(f"/repos/{REPOSITORY}/")
    known = (kind for kind, pattern in KINDS.items() if re.fullmatch(pattern, path))
    return next(known, None) if call.method == "GET" else None
