"""The labels that a repository has."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic

from booty.observability.exchange import Answer
from booty.observability.github.client import GitHub
from booty.observability.github.reading import FIND_SECONDS, pages
from booty.observability.github.schema.issues import Label
from booty.observability.issues.outcomes import Refused


class RepositoryLabels:
    """The labels of one repository, `owner/name`; every method raises what `GitHub.get` raises."""

    def __init__(self, github: GitHub, *, repository: str) -> None:
        """Take the API; nothing is sent yet."""
        self._github = github
        self._path = f"/repos/{repository}/labels"

    def missing(self, wanted: Mapping[str, str]) -> tuple[str, ...]:
        """Return which of `wanted`, by name in any case, there are not, in order."""

        def get(page: Mapping[str, int]) -> Answer:
            return self._github.get(self._path, dict(page))

        found = {
            each.name.lower() for page in pages(get, list[Label], ends_at=monotonic() + FIND_SECONDS) for each in page
        }
        return tuple(name for name in wanted if name.lower() not in found)

    def make(self, name: str, colour: str) -> None:
        """Make a label, unless somebody made it meanwhile; `colour` has six hex digits."""
        try:
            self._github.post(self._path, {"name": name, "color": colour})
        except Refused as refusal:
            if "already_exists" not in str(refusal):
                raise
