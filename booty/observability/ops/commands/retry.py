"""`booty retry`: what GitHub refused is owed once more."""

from __future__ import annotations

import time

import click

from booty.observability.ledger.engines.engine import NoAccess
from booty.observability.ledger.engines.ports.store import Store
from booty.observability.ledger.inspection import Inspection
from booty.observability.ledger.repositories.names import as_named, plain
from booty.observability.ops.console.command import Command, is_json_option
from booty.observability.ops.console.exits import EX_UNKNOWN, reaching_the_ledger
from booty.observability.ops.console.given import Given
from booty.observability.ops.console.output import show, show_json


@click.command(cls=Command)
@click.argument("fingerprint", required=False)
@click.option("--all", "is_all", is_flag=True, help="all of them")
@is_json_option
@click.pass_obj
def command(given: Given, fingerprint: str | None, *, is_all: bool, is_json: bool) -> int:
    """File refused alerts once more; ask GitHub at once.

    FINGERPRINT is one that status names.
    """
    if is_all == (fingerprint is not None):
        raise click.UsageError("either a fingerprint or --all is required")
    with reaching_the_ledger():
        number, is_asked = _retry(given.store(), fingerprint)
    words = f"{number} owed once more{'; GitHub is asked at once' if is_asked else ''}"
    if number == 0 and fingerprint is not None:
        words = "no such refused alert; see: booty status"
    if is_json:
        show_json({"owed_once_more": number, "is_github_asked": is_asked})
    else:
        show(words)
    return EX_UNKNOWN if number == 0 and fingerprint is not None else 0


def _retry(store: Store, fingerprint: str | None) -> tuple[int, bool]:
    """Owe one refused alert once more, or all; end any pause. The service's courier finds them within half a minute.

    Return how many, with whether there was a pause or stop to end.
    """
    inspection = Inspection(store)
    found = inspection.look(now=time.time())
    if found.ledger is not None and (fault := found.unreached or found.damage or found.unwritable) is not None:
        raise NoAccess(fault)  # to write to it would set it aside, or fail
    asked = None if fingerprint is None else as_named(fingerprint)
    wanted = [each.fingerprint for each in found.refused if asked in {each.fingerprint, plain(each.fingerprint), None}]
    if found.ledger is None or (fingerprint is not None and not wanted):
        return 0, False
    number = sum(inspection.retry(name, now=time.time()) for name in wanted)
    inspection.resume(now=time.time())
    return number, bool(found.stop or found.pause)
