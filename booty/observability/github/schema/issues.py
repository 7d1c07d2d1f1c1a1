"""GitHub's JSON of issues, as far as we read it."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field, TypeAdapter


class Label(BaseModel):
    """A label; GitHub may give its bare name instead."""

    name: str = ""


class Account(BaseModel):
    """An account (https://docs.github.com/rest/users/users)."""

    login: str = ""
    type: str = ""

    @property
    def is_bot(self) -> bool:
        """It belongs to a program: its type is an app's, or its name is marked as one."""
        return self.type == "Bot" or self.login.endswith("[bot]")


class Issue(BaseModel):
    """An issue (https://docs.github.com/rest/issues/issues#get-an-issue)."""

    number: int = Field(gt=0)
    html_url: str = Field("", max_length=1000)
    title: str = ""
    body: str | None = None
    user: Account | None = None
    labels: list[Label | str] = []
    state: str = "open"
    state_reason: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: Account | None = None
    assignees: list[Account] | None = None

    @property
    def label_names(self) -> tuple[str, ...]:
        """The names of its labels, as GitHub spells them."""
        return tuple(label if isinstance(label, str) else label.name for label in self.labels)


class Comment(BaseModel):
    """A comment (https://docs.github.com/rest/issues/comments)."""

    body: str | None = None


class Repository(BaseModel):
    """A repository (https://docs.github.com/rest/repos/repos#get-a-repository)."""

    full_name: str = ""
    archived: bool = False
    has_issues: bool = True


ISSUE = TypeAdapter(Issue)
ISSUES = TypeAdapter(list[Issue])
LABELS = TypeAdapter(list[Label])
COMMENTS = TypeAdapter(list[Comment])
ACCOUNT = TypeAdapter(Account)
REPOSITORY = TypeAdapter(Repository)
