"""The addresses of a repository's pages for people: lines of a file at a commit, commits, comparisons, pull requests.

They are outside code in an issue, so they hold nothing that Markdown reads: names are percent-encoded, and a path in
which something would have to be redacted gets no link.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from booty.observability.alerts.alert import Frame
from booty.observability.text.untrusted import line

AROUND = 2
"""Lines above and below the crash that its link takes in."""


@dataclass(frozen=True, slots=True)
class WebLinks:
    """The pages of the repository at `base`, such as `https://github.com/owner/name`."""

    base: str

    @property
    def home(self) -> str:
        """Where the repository is, such as `github.com/owner/name`."""
        return self.base.partition("://")[2]

    def crash(self, frame: Frame, *, path: str, commit: str) -> str | None:
        """Return the permalink of the crash with the lines around it, which GitHub shows as code in an issue."""
        if not frame.line:
            return None
        is_end_known = bool(frame.before or frame.after)  # an event with lines around the crash has those there are
        below = min(AROUND, len(frame.after)) if is_end_known else AROUND
        first, last = max(frame.line - AROUND, 1), frame.line + below
        lines = f"#L{first}-L{last}" if last > first else f"#L{first}"
        return self._file(path, commit, lines)

    def call(self, frame: Frame, *, path: str, commit: str) -> str | None:
        """Return the permalink of a frame's line."""
        return self._file(path, commit, f"#L{frame.line}") if frame.line else None

    def commit(self, sha: str) -> str:
        """Return the page of a commit."""
        return f"{self.base}/commit/{sha}"

    def comparison(self, before: str, after: str) -> str:
        """Return the page that shows what changed between two commits."""
        return f"{self.base}/compare/{before}...{after}"

    def workflow(self, name: str) -> str:
        """Return the page from which a workflow is run by hand."""
        return f"{self.base}/actions/workflows/{name}"

    def pull(self, number: int) -> str:
        """Return the page of a pull request."""
        return f"{self.base}/pull/{number}"

    def _file(self, path: str, commit: str, lines: str) -> str | None:
        is_harmless = line(path, limit=len(path)) == path
        return f"{self.base}/blob/{commit}/{quote(path)}{lines}" if is_harmless else None
