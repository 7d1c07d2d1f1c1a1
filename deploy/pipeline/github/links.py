"""Addresses of the repository's pages on GitHub."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Links:
    """The pages of one repository; `server` is a URL without a slash at its end, `repository` is `owner/name`."""

    server: str
    repository: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Links:
        """Read `GITHUB_SERVER_URL` and `GITHUB_REPOSITORY`, which the runner sets."""
        return cls(environment["GITHUB_SERVER_URL"], environment["GITHUB_REPOSITORY"])

    def commit(self, sha: str) -> str:
        """Return the address of a commit."""
        return f"{self.server}/{self.repository}/commit/{sha}"

    def comparison(self, *, before: str, after: str) -> str:
        """Return the address of everything that differs between two commits."""
        return f"{self.server}/{self.repository}/compare/{before}...{after}"
