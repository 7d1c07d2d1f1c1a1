"""GitHub's JSON of an issue's timeline, as far as we read it."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, TypeAdapter


class MergedPull(BaseModel):
    """What makes an issue a pull request; `merged_at` is None while it is not merged."""

    merged_at: datetime | None = None


class Subject(BaseModel):
    """The issue or pull request that mentions this issue."""

    number: int
    repository_url: str = ""
    pull_request: MergedPull | None = None


class Source(BaseModel):
    """Where a mention comes from."""

    issue: Subject | None = None


class Event(BaseModel):
    """An event (https://docs.github.com/rest/using-the-rest-api/issue-event-types)."""

    event: str = ""
    created_at: datetime | None = None
    commit_id: str | None = None
    commit_url: str | None = None
    source: Source | None = None


EVENTS = TypeAdapter(list[Event])
