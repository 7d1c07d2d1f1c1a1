"""GitHub's answers about the commits of a repository, as far as we read them."""

from __future__ import annotations

from booty.observability.github.schema.fitting import BestEffort, Content
from booty.observability.github.schema.kinds import Moment, Number, Sha


class Entry(Content, frozen=True):
    """One entry of a tree; a file is a `blob`."""

    path: str
    type: str


class Tree(Content, frozen=True):
    """A tree as GitHub returns it: at most 100,000 entries and 7 MB (https://docs.github.com/rest/git/trees)."""

    tree: tuple[Entry, ...]
    truncated: bool = False


class Author(Content, frozen=True):
    """Who a commit says that made it, which is anybody's word."""

    name: str | None = None


class Committer(Content, frozen=True):
    """When a commit was made."""

    date: Moment


class CommitContent(Content, frozen=True):
    """What a commit itself holds (https://docs.github.com/rest/git/commits)."""

    committer: Committer
    message: BestEffort[str] = ""
    author: BestEffort[Author | None] = None


class Account(Content, frozen=True):
    """An account as GitHub returns it; where it knows none, all is missing."""

    login: str | None = None


class Commit(Content, frozen=True):
    """What we read of a listed commit (https://docs.github.com/rest/commits/commits)."""

    sha: Sha
    commit: CommitContent
    author: BestEffort[Account | None] = None


class Compared(Content, frozen=True):
    """How a commit stands to another one (https://docs.github.com/rest/commits/commits#compare-two-commits)."""

    status: str


class Target(Content, frozen=True):
    """What a tag points to: a commit, or an annotated tag, which points on."""

    type: str
    sha: Sha


class Tag(Content, frozen=True):
    """A reference of a tag, or an annotated tag itself (https://docs.github.com/rest/git/tags)."""

    object: Target


class Home(Content, frozen=True):
    """The repository that a pull request was merged in."""

    full_name: str | None = None
    default_branch: str | None = None


class Base(Content, frozen=True):
    """The branch that a pull request was merged in."""

    ref: str | None = None
    repo: Home | None = None


class Pull(Content, frozen=True):
    """A pull request that a commit came by (https://docs.github.com/rest/commits/commits)."""

    number: Number
    merged_at: Moment | None = None
    base: Base = Base()
