"""The port to an issue tracker: what delivery asks of one, with every outcome it can have.

`issue_creator` implements it over GitHub's REST API, `preview` over files.
"""

from __future__ import annotations

from typing import Protocol

from booty.observability.alerts.issue import IssueRef
from booty.observability.issues.draft import Draft


class Tracker(Protocol):
    """Where issues are kept."""

    def create(self, draft: Draft) -> IssueRef:
        """Create the issue, once. Raises `Refused`, `Postponed`, `Unknown`."""

    def check(self) -> None:
        """Ask cheaply whether anything can be delivered. Raises `Refused`, `Postponed`, `Unknown`."""

    def find(self, draft: Draft, *, since: float) -> IssueRef | None:
        """Find the issue that an earlier `create` of this draft made after `since` (unix seconds), by its marker.

        Raises `Refused`, `Postponed`, `Unknown`.
        """

    def find_rule(self, draft: Draft, fingerprint: str, *, since: float) -> IssueRef | None:
        """Find an issue of ours of the metric's rule `fingerprint`, made after `since` (unix seconds); the newest one.

        `draft` is what would be created. Raises `Refused`, `Postponed`, `Unknown`.
        """
