"""GitHub's JSON of an issue's timeline, as far as we read it.

Events of many kinds are on it, each with keys of its own: what one of them says oddly, it does not say.
"""

from __future__ import annotations

from booty.observability.github.schema.fitting import BestEffort, Content
from booty.observability.github.schema.kinds import Moment, Number


class MergedPull(Content, frozen=True):
    """What makes an issue a pull request; `merged_at` is None while it is not merged."""

    merged_at: Moment | None = None


class Subject(Content, frozen=True):
    """The issue or pull request that mentions this issue."""

    number: Number
    repository_url: str = ""
    pull_request: MergedPull | None = None


class Source(Content, frozen=True):
    """Where a mention comes from."""

    issue: Subject | None = None


class Event(Content, frozen=True):
    """An event (https://docs.github.com/rest/using-the-rest-api/issue-event-types)."""

    event: BestEffort[str] = ""
    created_at: BestEffort[Moment | None] = None
    commit_id: BestEffort[str | None] = None
    commit_url: BestEffort[str | None] = None
    source: BestEffort[Source | None] = None
