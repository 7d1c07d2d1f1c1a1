"""`booty status`: what waits, what holds it up, what GitHub refused."""

from __future__ import annotations

import time

import click

from booty.observability.config.environment import KNOWN, OFF
from booty.observability.config.names import unknown_names
from booty.observability.ledger.inspection import Inspection
from booty.observability.ops.console.command import Command, is_json_option
from booty.observability.ops.console.exits import EX_NEEDS_PERSON, EX_UNAVAILABLE, reaching_the_ledger
from booty.observability.ops.console.given import Given
from booty.observability.ops.console.output import show
from booty.observability.ops.console.pages import pages
from booty.observability.ops.status import Status
from booty.observability.ops.status_json import as_json
from booty.observability.ops.status_text import as_text


@click.command(cls=Command)
@is_json_option
@click.pass_obj
def command(given: Given, *, is_json: bool) -> int:
    """Show what waits and since when, what holds it up, what GitHub refused."""
    now = time.time()
    with reaching_the_ledger():
        directory = given.state_directory
        found = Inspection(given.store()).look(now=now)
    status = Status(
        directory,
        found,
        unknown_names=unknown_names(given.environ, KNOWN),
        pages=pages(given.environ.get("SENTRY_URL", "")),
        is_candidate=given.environ.get("BOOTY_CANDIDATE", "0").lower() not in OFF,
        now=now,
    )
    show(as_json(status) if is_json else as_text(status))
    if found.unreached is not None:
        return EX_UNAVAILABLE
    return EX_NEEDS_PERSON if status.troubles else 0
