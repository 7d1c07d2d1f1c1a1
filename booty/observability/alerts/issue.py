"""An issue on the tracker: where it is, how it stands."""

from __future__ import annotations

from dataclasses import dataclass

MUTE = "booty:mute"
VERIFIED = "verified"
"""The label of an issue whose problem stayed away after it was closed."""
TEST = "booty:test"
"""The label of an issue that only shows that issues arrive."""

SPACING_SECONDS = 1.0
"""What GitHub asks for between two calls that create something, and that they be made one by one
(https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api)."""


@dataclass(frozen=True, slots=True)
class Closer:
    """The change that closed an issue, by the tracker's own word: a commit of the repository, or a pull request."""

    commit: str | None = None
    pull: int | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue as it stands on the tracker; `closed_at` in unix seconds, None while it is open."""

    number: int
    is_open: bool
    is_completed: bool
    """Closed as done, not as unwanted."""
    closed_at: float | None
    labels: tuple[str, ...]
    body: str
    title: str = ""
    state_reason: str | None = None
    """Why it is closed, in the tracker's own word."""
    is_closed_by_bot: bool = False
    assignees: tuple[str, ...] = ()
    """Whose it is, by login."""
    closer: Closer | None = None
    """What closed it; asked for only where a comment says so."""

    def has(self, label: str) -> bool:
        """Return whether it carries `label`; labels are the same in any case."""
        return label.lower() in {present.lower() for present in self.labels}

    @property
    def is_muted(self) -> bool:
        """Somebody does not want to hear of it, or follows it elsewhere; a bot that tidies up is nobody."""
        return self.has(MUTE) or self.is_unwanted

    @property
    def is_unwanted(self) -> bool:
        """A person closed it as something that nobody will fix here."""
        return self.is_duplicate or not (self.is_open or self.is_completed or self.is_closed_by_bot)

    @property
    def is_duplicate(self) -> bool:
        """Another issue has its problem."""
        return not self.is_open and self.state_reason == "duplicate"


@dataclass(frozen=True, slots=True)
class IssueRef:
    """An issue that exists: its number and its address."""

    number: int
    url: str


@dataclass(frozen=True, slots=True)
class ListedIssue:
    """An issue as a list of the tracker's shows it; `created_at` in unix seconds."""

    issue: Issue
    ref: IssueRef
    created_at: float


@dataclass(frozen=True, slots=True)
class Standing:
    """`closed_at` in unix seconds, None while the issue is open; `as_of` is the moment of the look."""

    closed_at: float | None = None
    is_muted: bool = False
    as_of: float = 0.0


OPEN = Standing()


@dataclass(frozen=True, slots=True)
class ChangedIssues:
    """A page of changed issues, the time of the last change on it (ISO 8601, UTC), and the answer's ETag."""

    issues: tuple[Issue, ...]
    changed_until: str
    etag: str | None
