"""`booty move-ledger`: the ledger's file goes into a database that several machines share."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from booty.observability.config.environment import is_given
from booty.observability.config.ledger_url import shown
from booty.observability.ledger.engines.engine import Damaged
from booty.observability.ledger.engines.version import NewerLedger
from booty.observability.ops.console.command import Command, is_json_option
from booty.observability.ops.console.exits import (
    NeedsPerson,
    NoSuchThing,
    Unreachable,
    WrongSettings,
    reaching_the_ledger,
)
from booty.observability.ops.console.given import LEDGER_URL, Given, given
from booty.observability.ops.console.output import show, show_json
from booty.observability.ops.console.remarks import remark

MEANWHILE = """A service that has BOOTY_LEDGER_URL already goes on answering alerts: it keeps them on this machine's
disk, files nothing until this is done, then claims them. One that has not is not to run meanwhile."""
IN_USE = """The service has this file open and would go on writing to it, so nothing was moved.
  Set BOOTY_LEDGER_URL for it and restart it (on a droplet: ./deploy.sh restart): from then on alerts are acknowledged,
  and wait on this machine's disk until the ledger is moved. When the old process has ended, run this again."""
NOT_EMPTY = """{error}, so nothing was moved: of two ledgers something would be lost.
  Name a database of its own; or, if this file is not needed any more, move it out of {directory}."""
UNREADABLE = "The ledger cannot be moved: {error}\n  See docs/operating.md, Backup, for what can be saved of it."
NO_URL = "--to or BOOTY_LEDGER_URL: needed, postgresql://user:password@host:5432/name?sslmode=require"
NEXT = "Now set BOOTY_LEDGER_URL to it for the service, unless it is, and restart the service."


@click.command(cls=Command)
@click.option(
    "--to", "url", metavar="URL", help="the database; without it BOOTY_LEDGER_URL, which no list of processes shows"
)
@is_json_option
@click.pass_obj
def command(given: Given, *, url: str | None, is_json: bool) -> int:
    """Move the ledger's file into a PostgreSQL database that several machines share (docs/scaling.md).

    It copies all in one transaction, then gives the file another name. Where it was interrupted, run it again.
    """
    target, directory = _target(given, url), given.state_directory
    remark(MEANWHILE)
    began = time.monotonic()
    number, is_new = _moved(directory, target)
    seconds = time.monotonic() - began
    words = f"{number} records are in {shown(target)}" + (
        f", after {seconds:.1f} s" if is_new else ": they were already"
    )
    if is_json:
        show_json({"records": number, "is_new": is_new, "seconds": round(seconds, 1), "to": shown(target)})
    else:
        show(f"{words}\n{NEXT}")
    return 0


def _target(given_: Given, url: str | None) -> str:
    """Return the URL, of a database that will do. Raises `WrongSettings`, `Unreachable`."""
    from booty.observability.ledger.engines.postgres.connection.start import fault_of  # noqa: PLC0415 - its driver

    environ = {**given_.environ, LEDGER_URL: url} if url else given_.environ
    if not is_given(environ, LEDGER_URL):
        raise WrongSettings(NO_URL)
    if url:
        environ = {name: value for name, value in environ.items() if name != f"{LEDGER_URL}_FILE"}
    secret = given(environ).settings_for(LEDGER_URL).ledger_url
    target = secret.reveal() if secret else ""
    if (fault := fault_of(target)) is not None:
        raise WrongSettings(f"{fault.name}: {fault.problem}\n  {fault.remedy}")
    return target


def _moved(directory: Path, url: str) -> tuple[int, bool]:
    """Return how many records are in the database, and whether this brought them there."""
    from booty.observability.ledger.engines.postgres import leaving, moving  # noqa: PLC0415 - as above

    if (kept := leaving.moved_file(directory)) is not None:
        raise NoSuchThing(f"nothing is left to move: the ledger was moved before, and is kept as {kept}")
    try:
        with reaching_the_ledger(), _refusing_damage(), leaving.left_file(directory) as file:
            if file is None:
                raise NoSuchThing(
                    f"there is no ledger in {directory}: a service with BOOTY_LEDGER_URL begins a new one"
                )
            total = file.count()
            moved = moving.copy(file, url, tell=lambda number: remark(f"{number} of {total} records"))
            remark(f"the file is kept as {file.leave()}")
    except leaving.InUse:
        raise NeedsPerson(IN_USE) from None
    except moving.NotEmpty as error:
        raise NeedsPerson(NOT_EMPTY.format(error=error, directory=directory)) from None
    except moving.NotMoved as error:
        raise Unreachable(f"The database cannot be used, and nothing was moved: {error}") from error
    return moved.records, moved.is_new


@contextmanager
def _refusing_damage() -> Iterator[None]:
    try:
        yield
    except (Damaged, NewerLedger) as error:
        raise NeedsPerson(UNREADABLE.format(error=error)) from error
