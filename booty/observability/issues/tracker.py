"""The port to an issue tracker: all that delivery asks of one, with every outcome that a call can have.

`github.issues` implements it over GitHub's REST API, `delivery.preview.issues` over files. Every method that calls the
tracker raises `Refused`, `Postponed` or `Unknown`; what else it raises is said at the method.
"""

from __future__ import annotations

from typing import Protocol

from booty.observability.alerts.issue import ChangedIssues, Closer, Issue, IssueRef
from booty.observability.issues.draft import Draft
from booty.observability.issues.edit import Absence, Edit


class Tracker(Protocol):
    """Where issues are kept. A write to an issue that is not there raises `Absent`, or is done without effect."""

    def create(self, draft: Draft) -> IssueRef:
        """Create the issue, open, and return where it is. Raises `LabelRefused`.

        After `Unknown` it may have been created: `find` tells.
        """

    def check(self) -> None:
        """Ask cheaply whether anything can be delivered."""

    def find(self, draft: Draft, *, since: float) -> IssueRef | None:
        """Find the issue that an earlier `create` of this draft made after `since` (unix seconds), by its marker."""

    def find_rule(self, draft: Draft, fingerprint: str, *, since: float) -> IssueRef | None:
        """Find an issue of ours of the metric's rule `fingerprint`, made after `since` (unix seconds); the newest one.

        `draft` is what would be created.
        """

    def read(self, number: int) -> Issue | Absence:
        """Return the issue as it stands, or how it is absent."""

    def closer(self, number: int) -> Closer | None:
        """Return the change that closed the issue, None where that is not known."""

    def changed(self, *, since: str, etag: str | None) -> ChangedIssues | None:
        """Return issues that were changed from `since` on (ISO 8601, UTC), oldest change first; maybe not yet all.

        Returns None when nothing changed since the answer that carried `etag`.
        """

    def edit(self, number: int, edit: Edit) -> None:
        """Change the title, body and state as far as `edit` names them; its labels are for `label` and `unlabel`.

        A body that the tracker does not take is left out; the rest is changed all the same.
        """

    def unlabel(self, number: int, label: str) -> None:
        """Take one label off; done as well when it is not on the issue."""

    def label(self, number: int, labels: tuple[str, ...]) -> None:
        """Put labels on, beside those that are on the issue. Raises `LabelRefused`."""

    def comment(self, number: int, text: str) -> None:
        """Write a comment. Raises `Locked`. After `Unknown` it may have been written: `has_comment` tells."""

    def has_comment(self, number: int, marker: str, *, since: float) -> bool:
        """Return whether a comment with `marker` as its last line was written after `since` (unix seconds)."""

    def rest(self) -> None:
        """Let pass what the tracker asks for between two calls that write. Raises nothing."""
