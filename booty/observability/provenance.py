"""Where an alert's code comes from: the links, the suspects, the comparison that tie it to the commit of its release.

Values only. `search` finds them, `issue_evidence` writes them; the addresses are made in `web_links`. Every text
of a commit is anybody's, and becomes fit to publish where it is written.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from booty.observability.alert import Alert, Frame, Occurrence

RELEASE = re.compile(r"(?:.*[^0-9A-Za-z])?([0-9a-f]{40})", re.DOTALL)


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
class Provenance:
    """All that was found; any part may be missing."""

    crash: CodeLink | None = None
    calls: tuple[CodeLink, ...] = ()
    """The app's other frames, newest first."""
    suspects: tuple[Suspect, ...] = ()
    """Newest first."""
    comparison: Comparison | None = None
    is_untrusted: bool = False
    """The release names a commit that is not the repository's own; then there is nothing else."""


class ProvenanceSource(Protocol):
    """Where provenance is found."""

    def gather(self, alert: Alert, *, now: float) -> Provenance | None:
        """Return what is known of the alert's release; None soon, and never an error, when nothing is."""

    def trusted(self, commits: Collection[str], *, now: float) -> frozenset[str]:
        """Return those of `commits` that are known, in time, to be the repository's own; never an error."""


def commit_of(release: str | None) -> str | None:
    """Return the commit that a release names at its end, None when it names none.

    It stands there as `booty@<sha>`, as `booty@1.4.2+<sha>`, or alone, as the SDKs guess it by `git rev-parse HEAD`.
    """
    found = RELEASE.fullmatch(release or "")
    return found[1] if found else None


def deployment_of(alert: Occurrence) -> str:
    """Name what was deployed where; a release comes before another one only of the same deployment.

    Packages that report to one ledger may lie in other repositories.
    """
    package = (alert.release or "").rpartition("@")[0]  # "" of a commit alone: all of these are of one package
    return f"{package} {alert.environment or ''}"
