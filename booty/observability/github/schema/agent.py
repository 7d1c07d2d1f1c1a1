"""GraphQL's JSON of who can be assigned in a repository, as far as we read it."""

from __future__ import annotations

from pydantic import BaseModel, Field, TypeAdapter


class Actor(BaseModel):
    """An account, a person's or a program's."""

    login: str = ""


class Actors(BaseModel):
    """A page of accounts."""

    nodes: list[Actor] = []


class Repository(BaseModel):
    """A repository."""

    permission: str | None = Field(None, alias="viewerPermission")
    actors: Actors = Field(Actors(), alias="suggestedActors")


class Data(BaseModel):
    """What was asked for."""

    repository: Repository | None = None


class Answer(BaseModel):
    """The answer; errors leave the repository out."""

    data: Data


ACTORS = TypeAdapter(Answer)
