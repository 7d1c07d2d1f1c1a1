"""GitHub's JSON of issues, as far as we read it."""

from __future__ import annotations

from booty.observability.github.schema.fitting import BestEffort, Content
from booty.observability.github.schema.kinds import Moment, Number, Page


class Label(Content, frozen=True):
    """A label; GitHub may give its bare name instead."""

    name: str = ""


class Account(Content, frozen=True):
    """An account (https://docs.github.com/rest/users/users)."""

    login: str = ""
    type: BestEffort[str] = ""

    @property
    def is_bot(self) -> bool:
        """It belongs to a program: its type is an app's, or its name is marked as one."""
        return self.type == "Bot" or self.login.endswith("[bot]")


class Written(Content, frozen=True):
    """An issue in the answer to a call that wrote it: whatever else is odd, its number says that it is there."""

    number: Number
    html_url: BestEffort[Page] = ""
    labels: BestEffort[tuple[BestEffort[Label | str], ...]] = ()
    assignees: BestEffort[tuple[BestEffort[Account], ...]] = ()

    @property
    def label_names(self) -> tuple[str, ...]:
        """The names of its labels, as GitHub spells them."""
        return tuple(label if isinstance(label, str) else label.name for label in self.labels)


class Issue(Written, frozen=True):
    """An issue (https://docs.github.com/rest/issues/issues#get-an-issue); how it stands, and whose it is, is needed."""

    title: BestEffort[str] = ""
    body: str | None = None
    user: Account | None = None
    state: str = "open"
    state_reason: str | None = None
    created_at: Moment | None = None
    updated_at: Moment | None = None
    closed_at: Moment | None = None
    closed_by: Account | None = None


class Comment(Content, frozen=True):
    """A comment (https://docs.github.com/rest/issues/comments)."""

    body: str | None = None


class Repository(Content, frozen=True):
    """A repository (https://docs.github.com/rest/repos/repos#get-a-repository)."""

    full_name: str = ""
    archived: bool = False
    has_issues: bool = True
