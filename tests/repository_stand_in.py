"""A stand-in for GitHub that also knows one commit of its repository: the files, the date, who touched what."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from github_stand_in import REPOSITORY, Call, Fault, GitHubStandIn

Kind = Literal["tree", "date", "commits"]

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


class RepositoryStandIn(GitHubStandIn):
    """GitHub with `paths` and `commits` at the commit `SHA`; `faults` say which calls go wrong."""

    def __init__(self, paths: Sequence[str] = (), commits: Sequence[dict[str, Any]] = ()) -> None:
        super().__init__()
        self.tree = tree_of(paths)
        self.commits = list(commits)
        self.faults: dict[Kind, Fault] = {}
        self.reads: list[Call] = []

    def answer(self, call: Call) -> Fault:
        """Do what the call asks for; return how to answer it."""
        kind = _kind(call)
        if kind is None:
            return super().answer(call)
        self.reads.append(call)
        content: dict[Kind, object] = {
            "tree": self.tree,
            "date": commit_of("Release", sha=SHA)["commit"],
            "commits": self.commits[: int(call.query.get("per_page", 30))],
        }
        return self.faults.get(kind) or Fault(200, body=json.dumps(content[kind]).encode())


def ages(*hours: float) -> list[datetime]:
    """Return times so many hours before the release."""
    return [RELEASED_AT - timedelta(hours=each) for each in hours]


def _kind(call: Call) -> Kind | None:
    paths: dict[str, Kind] = {"git/trees/" + SHA: "tree", "git/commits/" + SHA: "date", "commits": "commits"}
    return paths.get(call.path.removeprefix(f"/repos/{REPOSITORY}/")) if call.method == "GET" else None
