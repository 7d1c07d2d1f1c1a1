"""Where an alert's code comes from: the links, the suspects, the comparison that tie it to the commit of its release.

Values only. `search` finds them, `page.code_section` writes them, `code.links` makes the addresses. Every text
of a commit is anybody's, and becomes fit to publish where it is written.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from booty.observability.alerts.alert import Alert, Frame


@dataclass(frozen=True, slots=True)
class CodeLink:
    """A frame, the address of its line at the commit of the release, and its path in the repository."""

    frame: Frame
    url: str
    path: str


@dataclass(frozen=True, slots=True)
class Suspect:
    """A commit that touched the file of the crash; `subject` and `author` are anybody's text."""

    sha: str
    url: str
    subject: str
    author: str | None
    """The login, else the name that the commit gives."""
    committed_at: datetime
    pull: int | None = None
    pull_url: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from the release before to this one, both as commits.

    `is_fresh` says that the alert came within an hour of the first one of its release.
    """

    before: str
    after: str
    url: str
    is_fresh: bool


@dataclass(frozen=True, slots=True)
class NewRelease:
    """The newest release, and that a problem began with it: after `live_seconds`, as commits after the one `before`.

    `url` shows what changed; `deploy_url` is the page of the workflow that takes it back, None where another way
    brought it out.
    """

    commit: str
    before: str
    live_seconds: float
    url: str
    deploy_url: str | None = None


@dataclass(frozen=True, slots=True)
class CodeContext:
    """All that was found; any part may be missing."""

    crash: CodeLink | None = None
    calls: tuple[CodeLink, ...] = ()
    """The app's other frames, newest first."""
    suspects: tuple[Suspect, ...] = ()
    """Newest first."""
    comparison: Comparison | None = None
    new_release: NewRelease | None = None
    """The problem came with it."""
    is_untrusted: bool = False
    """The release names a commit that is not the repository's own; then there is nothing else."""


class CodeContextSource(Protocol):
    """Where the code context of an alert is found."""

    def gather(self, alert: Alert, *, began_at: float | None = None, now: float) -> CodeContext | None:
        """Return what is known of the alert's release; None soon, and never an error, when nothing is.

        `began_at` is when the problem was first seen (unix seconds), None of one that is not new.
        """

    def ask_again(self) -> None:
        """Ask again at once, whatever failed: the tracker fails as well, and will be waited for."""

    def trusted(self, commits: Collection[str], *, now: float) -> frozenset[str]:
        """Return those of `commits` that are known, in time, to be the repository's own; never an error."""
