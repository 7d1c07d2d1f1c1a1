"""The port to an issue tracker: all that delivery asks of one, with every outcome that a call can have.

`github.issues` implements it over GitHub's REST API, `delivery.preview.issues` over files. A method that fails raises
`Refused`, `Postponed` or `Unknown`; which kind of `Refused` matters to a caller is said at the method.
"""

from __future__ import annotations

from typing import Protocol

from booty.observability.alerts.issue import ChangedIssues, Closer, Issue, IssueRef
from booty.observability.issues.draft import Draft
from booty.observability.issues.edit import Absence, Edit


class Tracker(Protocol):
    """Where issues are kept. A write to an issue that `read` finds absent raises `Absent`; so does `has_comment`."""

    def create(self, draft: Draft) -> IssueRef:
        """Create the issue, open, and return where it is. Raises `LabelRefused`.

        After `Unknown` it may have been created: `find` tells.
        """

    def check(self) -> None:
        """Ask cheaply whether anything can be delivered."""

    def find(self, draft: Draft, *, since: float) -> IssueRef | None:
        """Find the issue that an earlier `create` of this draft made, open or closed, by its marker.

        One made before `since` (unix seconds) need not be found. Returns None only when all others were looked through.
        """

    def find_rule(self, draft: Draft, fingerprint: str, *, since: float) -> IssueRef | None:
        """Find the newest issue of ours that belongs to the metric's rule, or the problem, `fingerprint`.

        One made before `since` (unix seconds) need not be found. `draft` is what would be created.
        """

    def read(self, number: int) -> Issue | Absence:
        """Return the issue as it stands, or how it is absent.

        A number that was never given is absent in either way.
        """

    def closer(self, number: int) -> Closer | None:
        """Return the change that closed the issue, None where that is not known.

        Raises `Refused` where the issue is absent.
        """

    def changed(self, *, since: str, etag: str | None) -> ChangedIssues | None:
        """Return issues that were changed from `since` on (ISO 8601, UTC), oldest change first.

        They may be a first page; the next one is what changed from its `changed_until` on. When nothing changed since
        the answer that carried `etag`, returns None or that answer again.
        """

    def edit(self, number: int, edit: Edit) -> None:
        """Change the title, body and state as far as `edit` names them; its labels are for `label` and `unlabel`.

        A body that the tracker does not take is left out; the rest is changed all the same.
        """

    def unlabel(self, number: int, label: str) -> None:
        """Take one label off; a label that is not on the issue is taken off already."""

    def label(self, number: int, labels: tuple[str, ...]) -> None:
        """Put labels on, beside those that are on the issue. Raises `LabelRefused`."""

    def assign(self, number: int, logins: tuple[str, ...]) -> tuple[str, ...]:
        """Assign accounts, beside those that are assigned; return which of them the tracker left out."""

    def unassign(self, number: int, logins: tuple[str, ...]) -> None:
        """Take accounts off; one that is not assigned is off already."""

    def comment(self, number: int, text: str) -> None:
        """Write a comment. Raises `Locked` where the issue takes none; it can be changed all the same.

        After `Unknown` it may have been written: `has_comment` tells.
        """

    def has_comment(self, number: int, marker: str, *, since: float) -> bool:
        """Return whether the issue has a comment with `marker` as its last line.

        One written before `since` (unix seconds) need not be found.
        """

    def rest(self) -> None:
        """Let pass what the tracker asks for between two calls that write. Raises nothing."""
