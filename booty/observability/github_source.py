"""What GitHub knows of a release's commit: its files, its date, who touched a file before it.

Reads only; what the answers are worth is `search`'s business. Every method raises what `GitHub.get` raises:
`Refused` also where the commit does not exist, or the token has no `contents: read`.
"""

from __future__ import annotations

import logging
import re
from datetime import datetime

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from booty.observability import bounds
from booty.observability.exchange import Answer
from booty.observability.github import GitHub
from booty.observability.provenance import Suspect
from booty.observability.tracker import Refused, Unknown
from booty.observability.web_links import WebLinks

log = logging.getLogger(__name__)

MOST_SUSPECTS = 3
LONGEST_SUBJECT = 500
PULL = re.compile(r"Merge pull request #([1-9]\d{0,8})\b|.*\(#([1-9]\d{0,8})\)$", re.ASCII)


class Entry(BaseModel):
    """One entry of a tree; a file is a `blob`."""

    path: str
    type: str


class Tree(BaseModel):
    """A tree as GitHub returns it: at most 100,000 entries and 7 MB (https://docs.github.com/rest/git/trees)."""

    tree: list[Entry]
    truncated: bool = False


class Person(BaseModel):
    """Who a commit says that made it, which is anybody's word, and when."""

    name: str | None = None
    date: datetime


class CommitContent(BaseModel):
    """What a commit itself holds (https://docs.github.com/rest/git/commits)."""

    message: str = ""
    author: Person | None = None
    committer: Person


class Account(BaseModel):
    """An account as GitHub returns it; where it knows none, all is missing."""

    login: str | None = None


class Commit(BaseModel):
    """What we read of a listed commit (https://docs.github.com/rest/commits/commits)."""

    sha: str = Field(pattern=r"^[0-9a-f]{40}$")
    commit: CommitContent
    author: Account | None = None


TREE = TypeAdapter(Tree)
CONTENT = TypeAdapter(CommitContent)
COMMITS = TypeAdapter(list[Commit])


class GitHubSource:
    """The history of one repository, `owner/name`."""

    def __init__(self, github: GitHub, *, repository: str, web: WebLinks) -> None:
        """Take the API and the addresses of the pages; nothing is sent yet."""
        self._github = github
        self._path = f"/repos/{repository}"
        self._web = web

    def paths(self, commit: str) -> tuple[str, ...]:
        """Return the paths of all files at `commit`; none where GitHub did not list all, for then none is sure."""
        answer = self._github.get(f"{self._path}/git/trees/{commit}", {"recursive": "1"})
        try:
            tree = TREE.validate_json(answer.body)
        except ValidationError:
            raise _nonsense(answer) from None
        if tree.truncated:
            log.info("tree_truncated", extra={"commit": commit})
            return ()
        return tuple(entry.path for entry in tree.tree if entry.type == "blob")

    def committed_at(self, commit: str) -> datetime | None:
        """Return when `commit` was made, None when GitHub's answer does not tell."""
        try:
            answer = self._github.get(f"{self._path}/git/commits/{commit}")
            return bounds.moment(CONTENT.validate_json(answer.body).committer.date)
        except (Refused, ValidationError):
            return None

    def suspects(self, path: str, *, commit: str, until: datetime) -> tuple[Suspect, ...]:
        """Return the last commits up to `commit` that touched `path`, newest first, none made after `until`."""
        wanted: dict[str, str | int] = {"path": path, "sha": commit, "per_page": MOST_SUSPECTS}
        answer = self._github.get(f"{self._path}/commits", wanted)
        try:
            commits = COMMITS.validate_json(answer.body)
        except ValidationError:
            raise _nonsense(answer) from None
        dated = ((each, bounds.moment(each.commit.committer.date)) for each in commits[:MOST_SUSPECTS])
        return tuple(self._suspect(each, date) for each, date in dated if date and date <= until)

    def _suspect(self, commit: Commit, committed_at: datetime) -> Suspect:
        content = commit.commit
        subject = content.message[:LONGEST_SUBJECT].lstrip().partition("\n")[0].rstrip()
        found = PULL.match(subject)
        pull = int(found[1] or found[2]) if found else None
        return Suspect(
            sha=commit.sha,
            url=self._web.commit(commit.sha),
            subject=subject,
            author=(commit.author.login if commit.author else None)
            or (content.author.name if content.author else None),
            committed_at=committed_at,
            pull=pull,
            pull_url=self._web.pull(pull) if pull else None,
        )


def _nonsense(answer: Answer) -> Unknown:
    return Unknown(f"GitHub answered {answer.status} with a body that makes no sense")
