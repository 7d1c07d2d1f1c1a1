"""An issue tracker in memory that can fail at any one call, in each of the ways that matter.

It implements `Tracker`. A call that is `lost` was done, but its answer did not arrive;
one that is `dropped` was not done, and nobody knows; after one that is `killed` the process is gone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal

from booty.observability.alerts.issue import ChangedIssues, Closer, Issue, IssueRef
from booty.observability.issues.draft import Draft, is_of_rule, marker_of
from booty.observability.issues.edit import Absence, Edit
from booty.observability.issues.outcomes import Absent, Locked, Unknown

Manner = Literal["lost", "dropped", "killed"]


class Killed(BaseException):
    """The process is gone; no `except Exception` sees it."""


@dataclass(slots=True)
class TrackerInMemory:
    """`fails_at` counts calls from 1; calls are recorded as `verb number`."""

    fails_at: int = 0
    manner: Manner = "lost"
    now: float = 0.0
    calls: list[str] = field(default_factory=list)
    issues: dict[int, Issue] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)
    comments: dict[int, list[str]] = field(default_factory=dict)
    absences: list[Absence] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    locked: set[int] = field(default_factory=set)
    changed_at: dict[int, float] = field(default_factory=dict)
    """When issues were changed (unix seconds), where that is not now."""
    closers: dict[int, Closer] = field(default_factory=dict)
    refusals: dict[str, list[Exception]] = field(default_factory=dict)
    """What the next calls of a verb raise, before they do anything."""
    not_assignable: tuple[str, ...] = ()
    during: Callable[[str], object] = lambda _: None
    """What else happens while a call is under way, which it is told."""

    def create(self, draft: Draft) -> IssueRef:
        """See `Tracker.create`."""
        number = len(self.issues) + 1
        self._begin(f"create {number}")
        self.issues[number] = Issue(number, True, False, None, draft.labels, draft.body, draft.title)  # noqa: FBT003 - the dataclass's order
        self.titles.append(draft.title)
        self._end()
        return IssueRef(number, f"https://github.com/acme/shop/issues/{number}")

    def find(self, draft: Draft, *, since: float) -> IssueRef | None:
        """See `Tracker.find`."""
        del since
        self._begin("find")
        self._end()
        found = [number for number, issue in self.issues.items() if marker_of(issue.body) == marker_of(draft.body)]
        return IssueRef(found[0], "") if found else None

    def check(self) -> None:
        """See `Tracker.check`."""
        self._begin("check")
        self._end()

    def find_rule(self, draft: Draft, fingerprint: str, *, since: float) -> IssueRef | None:
        """See `Tracker.find_rule`."""
        del draft, since
        self._begin("find_rule")
        self._end()
        found = [number for number, issue in self.issues.items() if is_of_rule(issue.body, fingerprint)]
        return IssueRef(found[-1], "") if found else None

    def read(self, number: int) -> Issue | Absence:
        """See `Tracker.read`; an issue that is not there was deleted, unless `absences` has another word for it."""
        self._begin(f"read {number}")
        self._end()
        if self.absences:
            return self.absences.pop(0)
        return "missing" if number in self.hidden else self.issues.get(number, "deleted")

    def closer(self, number: int) -> Closer | None:
        """See `Tracker.closer`."""
        self._begin(f"closer {number}")
        self._there(number)
        self._end()
        return self.closers.get(number)

    def changed(self, *, since: str, etag: str | None) -> ChangedIssues | None:
        """See `Tracker.changed`; an issue counts as changed now unless `changed_at` has another time."""
        self._begin("changed")
        self._end()
        oldest = datetime.fromisoformat(since).timestamp()
        times = sorted((self.changed_at.get(number, self.now), number) for number in self.issues)
        found = [(at, self.issues[number]) for at, number in times if at >= oldest]
        if etag == (latest := str(hash(tuple(found)))):
            return None
        until = datetime.fromtimestamp(found[-1][0], UTC).isoformat(timespec="seconds") if found else since
        return ChangedIssues(tuple(issue for _, issue in found), until, latest)

    def rest(self) -> None:
        """See `Tracker.rest`."""

    def edit(self, number: int, edit: Edit) -> None:
        """See `Tracker.edit`."""
        self._begin(f"edit {number}")
        issue = self._there(number)
        self.issues[number] = replace(issue, body=edit.body or issue.body, title=edit.title or issue.title)
        if edit.state is not None:
            self.open(number) if edit.state == "open" else self.close(number, is_completed=edit.state == "completed")
        self._end()

    def unlabel(self, number: int, label: str) -> None:
        """See `Tracker.unlabel`."""
        self._begin(f"unlabel {number}")
        issue = self._there(number)
        self.issues[number] = replace(issue, labels=tuple(one for one in issue.labels if one.lower() != label.lower()))
        self._end()

    def label(self, number: int, labels: tuple[str, ...]) -> None:
        """See `Tracker.label`."""
        self._begin(f"label {number}")
        issue = self._there(number)
        new = tuple(one for one in labels if not issue.has(one))
        self.issues[number] = replace(issue, labels=issue.labels + new)
        self._end()

    def assign(self, number: int, logins: tuple[str, ...]) -> tuple[str, ...]:
        """See `Tracker.assign`; `not_assignable` says who is left out."""
        self._begin(f"assign {number} {' '.join(logins)}")
        issue = self._there(number)
        new = tuple(one for one in logins if one not in (*issue.assignees, *self.not_assignable))
        self.issues[number] = replace(issue, assignees=issue.assignees + new)
        self._end()
        return tuple(one for one in logins if one in self.not_assignable)

    def unassign(self, number: int, logins: tuple[str, ...]) -> None:
        """See `Tracker.unassign`."""
        self._begin(f"unassign {number}")
        issue = self._there(number)
        self.issues[number] = replace(issue, assignees=tuple(one for one in issue.assignees if one not in logins))
        self._end()

    def comment(self, number: int, text: str) -> None:
        """See `Tracker.comment`."""
        self._begin(f"comment {number}")
        self._there(number)
        if number in self.locked:
            raise Locked("locked")
        self.comments.setdefault(number, []).append(text)
        self._end()

    def has_comment(self, number: int, marker: str, *, since: float) -> bool:
        """See `Tracker.has_comment`."""
        del since
        self._begin(f"has_comment {number}")
        self._there(number)
        self._end()
        return any(text.endswith(f"\n{marker}") for text in self.comments.get(number, ()))

    def there_with(self, number: int, **changes: object) -> Issue:
        """Return an issue with `changes`, as a person makes them."""
        return replace(self.issues[number], **changes)  # type: ignore[arg-type]  # the fields of an issue

    def close(self, number: int, *, is_completed: bool) -> None:
        """Close an issue, as a person does."""
        issue = self.issues[number]
        self.issues[number] = replace(issue, is_open=False, is_completed=is_completed, closed_at=self.now)

    def open(self, number: int) -> None:
        """Open an issue, as a person does."""
        self.issues[number] = replace(self.issues[number], is_open=True, is_completed=False, closed_at=None)

    def lock(self, number: int) -> None:
        """Lock an issue, as a person does."""
        self.locked.add(number)

    def _there(self, number: int) -> Issue:
        if number in self.hidden or number not in self.issues:
            raise Absent(f"issue {number} is not there")
        return self.issues[number]

    def _begin(self, call: str) -> None:
        self.calls.append(call)
        self.during(call)
        if self.refusals.get(call.split(maxsplit=1)[0]):
            raise self.refusals[call.split(maxsplit=1)[0]].pop(0)
        if len(self.calls) == self.fails_at and self.manner == "dropped":
            raise Unknown("dropped")

    def _end(self) -> None:
        if len(self.calls) == self.fails_at and self.manner == "lost":
            raise Unknown("lost")
        if len(self.calls) == self.fails_at and self.manner == "killed":
            raise Killed
