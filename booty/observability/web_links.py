"""The addresses of a repository's pages for people: lines of a file at a commit, commits, comparisons, pull requests.

They stand outside code in an issue, so they hold nothing that Markdown reads: names are percent-encoded, and a path in
which something would have to be redacted gets no link.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from booty.observability.alert import Frame
from booty.observability.untrusted import line

AROUND = 2
"""Lines above and below the crash that its link takes in."""
CLOUD = "github.com"
SERVER_PATH = "/api/v3"
API_PREFIX = "api."


@dataclass(frozen=True, slots=True)
class WebLinks:
    """The pages of `repository`, `owner/name`, on `host`."""

    host: str
    repository: str

    @classmethod
    def of(cls, *, api_url: str, repository: str) -> WebLinks:
        """Tell the pages' host from the API's address: github.com, GitHub Enterprise Server, or a ghe.com of one's own.

        https://docs.github.com/enterprise-server/rest/using-the-rest-api/getting-started-with-the-rest-api
        """
        url = urlsplit(api_url)
        if url.path == SERVER_PATH:
            return cls(url.netloc, repository)
        host = url.netloc.removeprefix(API_PREFIX)
        return cls(host if host.endswith(".ghe.com") else CLOUD, repository)

    def crash(self, frame: Frame, *, path: str, commit: str) -> str | None:
        """Return the permalink of the crash with the lines around it, which GitHub shows as code in an issue."""
        if not frame.line:
            return None
        above = min(AROUND, len(frame.before)) if frame.source else AROUND
        below = min(AROUND, len(frame.after)) if frame.source else AROUND
        first, last = max(frame.line - above, 1), frame.line + below
        lines = f"#L{first}-L{last}" if last > first else f"#L{first}"
        return self._file(path, commit, lines)

    def call(self, frame: Frame, *, path: str, commit: str) -> str | None:
        """Return the permalink of a frame's line."""
        return self._file(path, commit, f"#L{frame.line}") if frame.line else None

    def commit(self, sha: str) -> str:
        """Return the page of a commit."""
        return f"{self._base}/commit/{sha}"

    def comparison(self, before: str, after: str) -> str:
        """Return the page that shows what changed between two commits."""
        return f"{self._base}/compare/{before}...{after}"

    def pull(self, number: int) -> str:
        """Return the page of a pull request."""
        return f"{self._base}/pull/{number}"

    @property
    def _base(self) -> str:
        return f"https://{self.host}/{self.repository}"

    def _file(self, path: str, commit: str, lines: str) -> str | None:
        is_harmless = line(path, limit=len(path)) == path
        return f"{self._base}/blob/{commit}/{quote(path)}{lines}" if is_harmless else None
