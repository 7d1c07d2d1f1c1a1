"""What GitHub knows of a commit: whether it is the repository's own, its files, its date, who touched a file before it.

Reads only; `search` decides what the answers are worth. Every method raises what `GitHub.get` raises:
`Refused` also where the commit does not exist, or the token has no `contents: read`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar
from urllib.parse import quote

from booty.observability.alerts import limits
from booty.observability.github.client import GitHub
from booty.observability.github.reading import read
from booty.observability.github.schema.commits import Commit, CommitContent, Compared, Home, Pull, Tag, Tree
from booty.observability.issues.code.code_context import Suspect
from booty.observability.issues.code.links import WebLinks
from booty.observability.issues.outcomes import Gone, Refused, Unknown
from booty.observability.text.personal_data import mask

T = TypeVar("T")

log = logging.getLogger(__name__)

MOST_SUSPECTS = 3
LONGEST_SUBJECT = 500
BEYOND = {"per_page": 1, "page": 2}
"""Beyond the first page of a comparison GitHub lists neither commits nor files, which may be many."""
HELD = frozenset({"behind", "identical"})
"""How a commit that the default branch holds compares with it."""


class GitHubSource:
    """The history of one repository, `owner/name`."""

    def __init__(self, github: GitHub, *, repository: str, web: WebLinks) -> None:
        """Take the API and the addresses of the pages; nothing is sent yet."""
        self._github = github
        self._repository = repository
        self._path = f"/repos/{repository}"
        self._web = web

    def is_on_default_branch(self, commit: str) -> bool:
        """Return whether the default branch holds `commit`; False also where GitHub does not know the commit.

        `HEAD` is that branch, whatever its name.
        """
        compared = self._find(f"compare/HEAD...{commit}", Compared, BEYOND)
        if compared is None:  # is the commit missing, or the permission? The latter is `Refused` here
            self._read("compare/HEAD...HEAD", Compared, BEYOND)
            return False
        return compared.status in HELD

    def is_before(self, commit: str, later: str) -> bool:
        """Return whether `later` holds `commit` and more; where GitHub cannot compare them, nobody says no."""
        compared = self._find(f"compare/{commit}...{later}", Compared, BEYOND)
        return compared is None or compared.status == "ahead"

    def is_tagged(self, commit: str) -> bool:
        """Return whether the tag that the deploy gives a release points to `commit`."""
        tag = self._find(f"git/ref/tags/{quote(f'booty@{commit}', safe='')}", Tag)
        if tag is not None and tag.object.type == "tag":
            tag = self._find(f"git/tags/{tag.object.sha}", Tag)
        return tag is not None and (tag.object.type, tag.object.sha) == ("commit", commit)

    def pull(self, commit: str) -> int | None:
        """Return the number of the pull request that brought `commit` into the default branch, None without one."""
        pulls = self._read(f"commits/{commit}/pulls", list[Pull])
        return next((pull.number for pull in pulls if self._is_merged_here(pull)), None)

    def paths(self, commit: str) -> tuple[str, ...]:
        """Return the paths of all files at `commit`; none where GitHub did not list all: then none is certain."""
        tree = self._read(f"git/trees/{commit}", Tree, {"recursive": "1"})
        if tree.truncated:
            log.info("tree_truncated", extra={"commit": commit})
            return ()
        return tuple(entry.path for entry in tree.tree if entry.type == "blob")

    def committed_at(self, commit: str) -> datetime | None:
        """Return when `commit` was made, None when GitHub's answer does not tell."""
        try:
            answer = self._github.get(f"{self._path}/git/commits/{commit}")
        except Refused:
            return None
        try:
            return limits.moment(read(CommitContent, answer).committer.date)
        except Unknown:
            return None

    def suspects(self, path: str, *, commit: str, until: datetime) -> tuple[Suspect, ...]:
        """Return the last commits up to `commit` that touched `path`, newest first, none made after `until`."""
        commits = self._read("commits", list[Commit], {"path": path, "sha": commit, "per_page": MOST_SUSPECTS})
        dated = ((each, limits.moment(each.commit.committer.date)) for each in commits[:MOST_SUSPECTS])
        return tuple(self._suspect(each, date) for each, date in dated if date and date <= until)

    def _suspect(self, commit: Commit, committed_at: datetime) -> Suspect:
        content = commit.commit
        subject = content.message[:LONGEST_SUBJECT].lstrip().partition("\n")[0].rstrip()
        return Suspect(
            sha=commit.sha,
            url=self._web.commit(commit.sha),
            subject=mask(subject),
            author=mask((commit.author and commit.author.login) or (content.author and content.author.name) or "")
            or None,
            committed_at=committed_at,
        )

    def _is_merged_here(self, pull: Pull) -> bool:
        """Return whether it was merged, as far as GitHub says into this repository's default branch."""
        home = pull.base.repo or Home()
        is_elsewhere = home.full_name is not None and home.full_name.lower() != self._repository.lower()
        is_aside = None not in (pull.base.ref, home.default_branch) and pull.base.ref != home.default_branch
        return pull.merged_at is not None and not is_elsewhere and not is_aside

    def _find(self, path: str, shape: type[T], wanted: Mapping[str, str | int] | None = None) -> T | None:
        """Return the answer in its shape, None where GitHub has no such thing; a refusal of everything is raised."""
        try:
            return self._read(path, shape, wanted)
        except Gone as gone:
            if gone.remedy is not None:
                raise
            return None

    def _read(self, path: str, shape: type[T], wanted: Mapping[str, str | int] | None = None) -> T:
        """Return the answer in its shape. Raises `Unknown` for one of another shape."""
        return read(shape, self._github.get(f"{self._path}/{path}", wanted))
