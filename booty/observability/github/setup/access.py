"""The repository as the token's account sees it."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from booty.observability.exchange import Answer
from booty.observability.github.access.token_expiry import HEADER, expiry
from booty.observability.github.client import GitHub
from booty.observability.github.reading import read
from booty.observability.github.schema.setup import Repository

WRITING = ("triage", "push", "maintain", "admin")


@dataclass(frozen=True, slots=True)
class Access:
    """A repository as the token's account sees it; None where GitHub does not say.

    `may_label`: labels that are asked for are put on. `expires_at`: until when the token is valid; `clock`: what time
    it is at GitHub (unix seconds).
    """

    name: str
    is_archived: bool
    has_issues: bool
    may_label: bool | None
    expires_at: float | None
    clock: float | None


def look(github: GitHub, repository: str) -> Access:
    """Ask once for `repository` (owner/name). Raises what `GitHub.get` raises."""
    answer = github.get(f"/repos/{repository}")
    found = read(Repository, answer)
    given = found.permissions
    return Access(
        name=found.full_name or repository,
        is_archived=found.archived,
        has_issues=found.has_issues,
        may_label=None if given is None else any(given.get(each) is True for each in WRITING),
        expires_at=expiry(answer.headers.get(HEADER, "")),
        clock=_clock(answer),
    )


def _clock(answer: Answer) -> float | None:
    try:
        return parsedate_to_datetime(answer.headers.get("Date", "")).timestamp()
    except ValueError:
        return None
