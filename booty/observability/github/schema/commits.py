"""GitHub's answers about the commits of a repository, as far as we read them."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field, TypeAdapter


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


class Compared(BaseModel):
    """How a commit stands to another one (https://docs.github.com/rest/commits/commits#compare-two-commits)."""

    status: str


class Target(BaseModel):
    """What a tag points to: a commit, or an annotated tag, which points on."""

    type: str
    sha: str = Field(pattern=r"^[0-9a-f]{40}$")


class Tag(BaseModel):
    """A reference of a tag, or an annotated tag itself (https://docs.github.com/rest/git/tags)."""

    object: Target


class Home(BaseModel):
    """The repository that a pull request was merged in."""

    full_name: str | None = None
    default_branch: str | None = None


class Base(BaseModel):
    """The branch that a pull request was merged in."""

    ref: str | None = None
    repo: Home = Home()


class Pull(BaseModel):
    """A pull request that a commit came by (https://docs.github.com/rest/commits/commits)."""

    number: int = Field(gt=0)
    merged_at: datetime | None = None
    base: Base = Base()


TREE = TypeAdapter(Tree)
CONTENT = TypeAdapter(CommitContent)
COMMITS = TypeAdapter(list[Commit])
COMPARED = TypeAdapter(Compared)
TAG = TypeAdapter(Tag)
PULLS = TypeAdapter(list[Pull])
