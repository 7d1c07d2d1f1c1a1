"""The repositories that routes name beside that of the settings: whether each takes issues."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from booty.observability.config import Settings
from booty.observability.github.client import GitHub
from booty.observability.ops.doctor.check import Check
from booty.observability.ops.doctor.github.checks import check_github
from booty.observability.ops.doctor.github.handover import may_hold_back
from booty.observability.ops.doctor.github.wanted_labels import VERIFYING, wanted_labels

if TYPE_CHECKING:
    from booty.observability.github.access.app import App

OF_ONE = frozenset({"app", "github", "token", "repository", "permission", "labels"})
"""The checks that each repository has; all others are looked at once."""
TRIGGER, ROUTED = "5319e7", "ededed"


def wanted_in(settings: Settings, repository: str | None) -> dict[str, str]:
    """Return the labels that a repository must have, None for that of the settings, with their colours."""
    name = (repository or settings.repository).lower()
    routes = [each for each in settings.routes or () if (each.repository or settings.repository).lower() == name]
    triggers = [each.trigger_label or settings.trigger_label for each in routes if not each.drop]
    first = settings.trigger_label if repository is None or not triggers else triggers[0]
    wanted = wanted_labels(first, has_triage=may_hold_back(settings, repository)) | dict.fromkeys(triggers, TRIGGER)
    wanted |= VERIFYING if settings.verify_days > 0 else {}
    return wanted | {label: ROUTED for each in routes for label in each.labels if label not in wanted}


def check_elsewhere(  # noqa: PLR0913 - as `check_github`
    github: GitHub,
    repository: str,
    *,
    app: App | None,
    wanted: dict[str, str],
    is_fixing: bool,
    clock: Callable[[], float],
) -> Iterator[Check]:
    """Yield what is odd with a repository, `owner/name`, or one line that nothing is; the rest is as `check_github`."""
    every = check_github(github, repository, app=app, wanted=wanted, is_fixing=is_fixing, clock=clock)
    odd = []
    for check in every:
        if check.name in OF_ONE and check.level != "ok":
            odd.append(replace(check, seen=f"{repository}: {check.seen}"))
        if check.is_failed and check.name in {"app", "github", "token", "repository"}:
            break  # the rest would say that it was not looked at
    yield from odd or [Check("repository", "ok", f"{repository} is seen, takes issues, has its labels")]
