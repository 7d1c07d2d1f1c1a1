"""GraphQL's JSON of who can be assigned in a repository, as far as we read it."""

from __future__ import annotations

from msgspec import field

from booty.observability.github.schema.fitting import BestEffort, Content


class Actor(Content, frozen=True):
    """An account, a person's or a program's."""

    login: str = ""


class Actors(Content, frozen=True):
    """A page of accounts."""

    nodes: tuple[BestEffort[Actor], ...] = ()


class Repository(Content, frozen=True):
    """A repository."""

    permission: str | None = field(name="viewerPermission", default=None)
    actors: Actors = field(name="suggestedActors", default=Actors())


class Data(Content, frozen=True):
    """What was asked for."""

    repository: Repository | None = None


class Answer(Content, frozen=True):
    """The answer; errors leave the repository out."""

    data: Data
