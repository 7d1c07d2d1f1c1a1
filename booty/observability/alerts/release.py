"""The names of releases: the commit at the end, the deployment in front of it."""

from __future__ import annotations

import re
from functools import lru_cache

from booty.observability.alerts.occurrence import Occurrence

RELEASE = re.compile(r"(?:.*[^0-9A-Za-z])?([0-9a-f]{40})", re.DOTALL)


@lru_cache(64)
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
    return f"{package_of(alert.release or '')} {alert.environment or ''}"


def package_of(release: str) -> str:
    """Return what stands in front of the `@`; "" of a commit alone, so that all of these are of one package."""
    return release.rpartition("@")[0]
