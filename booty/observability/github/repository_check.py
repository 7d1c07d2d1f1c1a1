"""Whether the repository takes issues at all: one cheap read, for when something was refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from booty.observability.github.answers import ARCHIVED, DISABLED
from booty.observability.github.client import GitHub
from booty.observability.github.reading import read
from booty.observability.github.schema import issues as schema
from booty.observability.issues.outcomes import Absent, Gone, Refused


@contextmanager
def needed_by_all(github: GitHub) -> Iterator[None]:
    """Around a call that needs what every delivery needs: if that is missing, everything is refused."""
    try:
        yield
    except Gone as gone:
        raise Refused(str(gone), remedy=gone.remedy or github.credential.remedies.repository) from None


@contextmanager
def there_a_moment_ago(github: GitHub, repository: str) -> Iterator[None]:
    """Around a call to one issue: one that is not there now may be there again soon, unless the repository is gone."""
    try:
        yield
    except Gone as gone:
        if gone.remedy is not None:
            raise
        check_repository(github, repository)
        raise Absent(str(gone), remedy=github.credential.remedies.permission) from None


def check_repository(github: GitHub, repository: str) -> None:
    """Return when `repository` (owner/name) is there and takes issues. Raises `Refused`, `Postponed`, `Unknown`."""
    with needed_by_all(github):
        answer = github.get(f"/repos/{repository}")
    found = read(schema.Repository, answer)
    if found.archived:
        raise Refused("the repository is archived", remedy=ARCHIVED)
    if not found.has_issues:
        raise Refused("the repository has its issues switched off", remedy=DISABLED)


def name_today(github: GitHub, repository: str) -> str | None:
    """Return what a repository is called by now, None where it is not there. Raises `Postponed`, `Unknown`."""
    try:
        return read(schema.Repository, github.get(f"/repos/{repository}")).full_name
    except Refused:
        return None
