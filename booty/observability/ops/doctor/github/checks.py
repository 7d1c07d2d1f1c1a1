"""What GitHub says: one question after the other, none whose answer another one foretells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from booty.observability.github.answers import BadToken
from booty.observability.github.client import GitHub
from booty.observability.github.setup import access, gate
from booty.observability.github.setup import app as of_app
from booty.observability.github.setup.labels import RepositoryLabels
from booty.observability.issues.outcomes import Gone, Postponed, Refused, Unknown
from booty.observability.ops.doctor.check import Check, unasked
from booty.observability.ops.doctor.github.access import check_access
from booty.observability.ops.doctor.github.app import check_app
from booty.observability.ops.doctor.github.gate import ENVIRONMENT, check_gate
from booty.observability.ops.doctor.github.wanted_labels import OPTIONAL

if TYPE_CHECKING:
    from booty.observability.github.access.app import App

NAMES = ("clock", "token", "repository", "permission", "labels", "gate")
FIX = "booty doctor --fix"
LIMITED = "wait; find what else uses this token, or give the service one of its own"
UNREACHED = "look at GITHUB_API_URL, the network, DNS, a proxy: curl -sSI that address"


def check_github(  # noqa: PLR0913 - whom to ask for what, by names
    github: GitHub,
    repository: str,
    *,
    app: App | None = None,
    wanted: dict[str, str],
    is_fixing: bool,
    clock: Callable[[], float],
) -> Iterator[Check]:
    """Yield the checks; `is_fixing`: labels that are `wanted` and missing are made. `clock` gives unix seconds.

    `app` is what the calls are made as, None where it is a token that somebody set.
    """
    seen = None
    try:
        if app is not None:
            seen = of_app.look(app, repository)
            yield (check := check_app(seen))
            if check.is_failed:
                yield from _unasked(check)
                return
        found = access.look(github, repository)
    except (Refused, Postponed, Unknown) as failure:
        failed = _unseen(failure, github, is_of_app=app is not None and seen is None)
        yield failed
        yield from _unasked(failed)
        return
    own = github.credential.remedies
    yield from check_access(found, repository=repository, now=clock(), app=seen, own=own)
    yield _labels(RepositoryLabels(github, repository=repository), wanted, own.permission, is_fixing=is_fixing)
    yield _gate(github, repository)


def _unasked(failed: Check) -> Iterator[Check]:
    yield from (unasked(name, because=f"see {failed.name}") for name in NAMES if name != failed.name)


def _unseen(failure: Refused | Postponed | Unknown, github: GitHub, *, is_of_app: bool) -> Check:
    """Say which check it is that the first question fails."""
    own = github.credential.remedies
    if isinstance(failure, BadToken):
        return Check("token", "FAIL", str(failure), f"{own.unauthorized}, restart the service")
    if isinstance(failure, Refused):
        return Check("app" if is_of_app else "repository", "FAIL", str(failure), failure.remedy or own.repository)
    is_limit = isinstance(failure, Postponed) and failure.is_limit
    return Check("github", "FAIL", str(failure), LIMITED if is_limit else UNREACHED)


def _labels(labels: RepositoryLabels, wanted: dict[str, str], permission: str, *, is_fixing: bool) -> Check:
    try:
        missing = labels.missing(wanted)
        if is_fixing:
            colours = wanted | OPTIONAL
            made = labels.missing(colours)
            for name in made:
                labels.make(name, colours[name])
            return Check("labels", "ok", f"made: {', '.join(made)}" if made else "all are there")
    except (Gone, Postponed, Unknown) as failure:
        return Check("labels", "warn", str(failure), f"wait a minute, then: booty doctor; if it stays: {permission}")
    except Refused as refusal:
        return Check("labels", "FAIL", str(refusal), refusal.remedy or permission)
    if missing:
        return Check("labels", "FAIL", f"missing: {', '.join(missing)}", FIX)
    return Check("labels", "ok", f"all {len(wanted)} are there")


def _gate(github: GitHub, repository: str) -> Check:
    try:
        found = gate.look(github, repository, ENVIRONMENT)
        return check_gate(found, has_workflow=found is None and gate.has_workflow(github, repository))
    except (Refused, Postponed, Unknown) as failure:
        then = "give GITHUB_TOKEN, or the App, 'Actions: read', or see who must approve: Settings > Environments"
        return Check("gate", "warn", str(failure), then)
