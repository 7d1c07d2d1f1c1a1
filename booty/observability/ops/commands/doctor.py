"""`booty doctor`: what is set up rightly, what is not, what to do about it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from booty.observability.config import state_directory
from booty.observability.config.settings import Settings
from booty.observability.ledger.engines.engine import NoAccess
from booty.observability.ledger.inspection import Inspection
from booty.observability.ops.console.command import Command, is_json_option
from booty.observability.ops.console.exits import EX_NEEDS_PERSON
from booty.observability.ops.console.given import Given
from booty.observability.ops.console.hidden import hide, secrets_in
from booty.observability.ops.console.output import show, show_json
from booty.observability.ops.doctor.check import Check, unasked
from booty.observability.ops.doctor.droplet import Show, check_droplet, is_droplet, systemctl
from booty.observability.ops.doctor.ledger import check_deliveries, check_ledger
from booty.observability.ops.doctor.report import as_json, as_text
from booty.observability.ops.doctor.settings import check_settings
from booty.observability.ops.doctor.shared.database import check_database
from booty.observability.ops.doctor.state import check_state

if TYPE_CHECKING:
    from booty.observability.places import Places

ROOT = Path("/")
DEAD = frozenset({"token", "github"})
"""The checks that fail for all repositories of a token alike."""


@click.command(cls=Command)
@click.option("--offline", "is_offline", is_flag=True, help="ask neither GitHub nor Sentry")
@click.option("--fix", "is_fixing", is_flag=True, help="make the labels that are missing, nothing else")
@is_json_option
@click.pass_obj
def command(given: Given, *, is_offline: bool, is_fixing: bool, is_json: bool) -> int:
    """Check what is set up, one line a check: ok, warn or FAIL, with what to do next.

    It changes nothing, except that --fix makes labels, and runs beside the service.
    """
    if is_offline and is_fixing:
        raise click.UsageError("--fix asks GitHub: leave --offline away")
    secrets = secrets_in(given.environ)
    checks = [hidden(check, secrets) for check in examine(given, is_offline=is_offline, is_fixing=is_fixing)]
    if is_json:
        show_json(as_json(checks))
    else:
        show(as_text(checks))
    return EX_NEEDS_PERSON if any(check.is_failed for check in checks) else 0


def hidden(check: Check, secrets: tuple[str, ...]) -> Check:
    """Return the check without any secret in its words."""
    return replace(check, seen=hide(check.seen, secrets), then=hide(check.then, secrets))


def examine(
    given: Given, *, is_offline: bool, is_fixing: bool, root: Path = ROOT, units: Show = systemctl
) -> Iterator[Check]:
    """Yield every check that applies to the machine below `root`, whose `units` tell how they are."""
    first, settings = check_settings(given.environ)
    yield first
    remote = list(_remote(settings, is_fixing=is_fixing)) if not is_offline else []
    machine = list(check_droplet(root, units)) if is_droplet(root) else []
    is_explained = any(check.is_failed for check in (first, *remote, *machine))
    if settings is not None and settings.ledger_url is not None:
        yield check_database(settings.ledger_url.reveal())
    yield from _local(given, is_explained=is_explained)
    yield from remote
    yield from machine


def _local(given: Given, *, is_explained: bool) -> Iterator[Check]:
    """Yield the checks of the state directory, and of the ledger."""
    directory = state_directory.named_in(given.environ)
    state = check_state(directory)
    yield state
    if state.is_failed:
        yield from (unasked(name, because=f"see {state.name}") for name in ("ledger", "deliveries"))
        return
    now = time.time()
    try:
        found = Inspection(given.store()).look(now=now)
    except NoAccess as error:
        then = f"run this as the service's user; see what is odd in it: ls -l {directory}"
        yield Check("ledger", "FAIL", f"it cannot be read: {error}", then)
        is_read = False
    else:
        yield check_ledger(found)
        is_read = found.unreached is None and found.damage is None
    if is_read:
        yield check_deliveries(found, now=now, is_explained=is_explained)
    else:
        yield unasked("deliveries", because="see ledger")


def _remote(settings: Settings | None, *, is_fixing: bool) -> Iterator[Check]:
    """Yield what GitHub and Sentry say, as far as the settings let it be asked."""
    from booty.observability.ops.doctor.github.checks import NAMES, check_github  # noqa: PLC0415 - --offline needs no HTTP
    from booty.observability.ops.doctor.github.elsewhere import wanted_in  # noqa: PLC0415 - the same
    from booty.observability.ops.doctor.github.handover import check_handover  # noqa: PLC0415 - the same
    from booty.observability.ops.doctor.sentry import check_sentry  # noqa: PLC0415 - the same
    from booty.observability.places import Places  # noqa: PLC0415 - the same
    from booty.observability.remotes import sentry_for  # noqa: PLC0415 - the same
    from booty.observability.sentry.api.setup import SentrySetup  # noqa: PLC0415 - the same

    if settings is None:
        yield from (unasked(name, because="see settings") for name in NAMES)
        return
    places = Places(settings)
    if (github := places.github(None)) is not None:
        wanted = wanted_in(settings, None)
        home = list(
            check_github(
                github, settings.repository, app=places.app, wanted=wanted, is_fixing=is_fixing, clock=time.time
            )
        )
        yield from home
        yield from check_handover(github, settings, is_app=places.app is not None)
        yield from _elsewhere(settings, places, home, is_fixing=is_fixing)
    if settings.sentry_auth_token is not None:
        yield from check_sentry(SentrySetup(sentry_for(settings)), now=time.time())


def _elsewhere(settings: Settings, places: Places, home: Iterable[Check], *, is_fixing: bool) -> Iterator[Check]:
    """Yield what GitHub says of the other repositories; of those with a token that is dead nothing, but once."""
    from booty.observability.ops.doctor.github.elsewhere import check_elsewhere, wanted_in  # noqa: PLC0415 - as above
    from booty.observability.ops.doctor.github.handover import check_handover  # noqa: PLC0415 - the same

    dead = {places.gates_of(None).shared} if any(each.name in DEAD and each.is_failed for each in home) else set()
    for repository in places.names:
        shared, github = places.gates_of(repository).shared, places.github(repository)
        if github is None or shared in dead:
            continue
        wanted = wanted_in(settings, repository)
        app = places.app if places.is_of_app(repository) else None
        checks = list(check_elsewhere(github, repository, app=app, wanted=wanted, is_fixing=is_fixing, clock=time.time))
        dead |= {shared} if any(each.name in DEAD and each.is_failed for each in checks) else set()
        yield from checks
        if not any(each.is_failed for each in checks):
            yield from check_handover(github, settings, repository, is_app=app is not None)
