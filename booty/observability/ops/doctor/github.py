"""What GitHub says: one question after the other, none whose answer another one foretells."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from booty.observability.github.answers import PERMISSION, TOKEN, BadToken
from booty.observability.github.client import GitHub
from booty.observability.github.repository_check import REPOSITORY
from booty.observability.github.setup import access, gate
from booty.observability.github.setup.labels import RepositoryLabels
from booty.observability.issues.outcomes import Gone, Postponed, Refused, Unknown
from booty.observability.ops.doctor.access import check_access
from booty.observability.ops.doctor.check import Check, unasked
from booty.observability.ops.doctor.gate import ENVIRONMENT, check_gate
from booty.observability.ops.doctor.wanted_labels import OPTIONAL, wanted_labels

NAMES = ("clock", "token", "repository", "permission", "labels", "gate")
FIX = "booty doctor --fix"
LIMITED = "wait; find what else uses this token, or give the service one of its own"
UNREACHED = "look at GITHUB_API_URL, the network, DNS, a proxy: curl -sSI that address"


def check_github(
    github: GitHub, repository: str, *, trigger_label: str, is_fixing: bool, clock: Callable[[], float]
) -> Iterator[Check]:
    """Yield the checks; `is_fixing`: labels that are missing are made. `clock` gives unix seconds."""
    try:
        found = access.look(github, repository)
    except (Refused, Postponed, Unknown) as failure:
        failed = _unseen(failure)
        yield failed
        yield from (unasked(name, because=f"see {failed.name}") for name in NAMES if name != failed.name)
        return
    yield from check_access(found, repository=repository, now=clock())
    yield _labels(RepositoryLabels(github, repository=repository), trigger_label, is_fixing=is_fixing)
    yield _gate(github, repository)


def _unseen(failure: Refused | Postponed | Unknown) -> Check:
    """Say which check it is that the first question fails."""
    if isinstance(failure, BadToken):
        return Check("token", "FAIL", str(failure), f"{TOKEN}, restart the service")
    if isinstance(failure, Refused):
        return Check("repository", "FAIL", str(failure), failure.remedy or REPOSITORY)
    is_limit = isinstance(failure, Postponed) and failure.is_limit
    return Check("github", "FAIL", str(failure), LIMITED if is_limit else UNREACHED)


def _labels(labels: RepositoryLabels, trigger_label: str, *, is_fixing: bool) -> Check:
    wanted = wanted_labels(trigger_label)
    try:
        missing = labels.missing(wanted)
        if is_fixing:
            colours = wanted | OPTIONAL
            made = labels.missing(colours)
            for name in made:
                labels.make(name, colours[name])
            return Check("labels", "ok", f"made: {', '.join(made)}" if made else "all are there")
    except (Gone, Postponed, Unknown) as failure:
        return Check("labels", "warn", str(failure), "booty doctor")
    except Refused as refusal:
        return Check("labels", "FAIL", str(refusal), refusal.remedy or PERMISSION)
    if missing:
        return Check("labels", "FAIL", f"missing: {', '.join(missing)}", FIX)
    return Check("labels", "ok", f"all {len(wanted)} are there")


def _gate(github: GitHub, repository: str) -> Check:
    try:
        found = gate.look(github, repository, ENVIRONMENT)
        return check_gate(found, has_workflow=found is None and gate.has_workflow(github, repository))
    except (Refused, Postponed, Unknown) as failure:
        then = "give GITHUB_TOKEN 'Actions: read', or see who must approve: Settings > Environments"
        return Check("gate", "warn", str(failure), then)
