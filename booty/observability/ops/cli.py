"""The operator's commands."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from booty.observability.alerts.sentry_pages import SentryPages
from booty.observability.config import state_directory
from booty.observability.config.environment import KNOWN, OFF
from booty.observability.config.names import unknown_names
from booty.observability.ledger.engines.engine import NotStored
from booty.observability.ledger.inspection import Inspection, NoAccess
from booty.observability.ops.status import Status
from booty.observability.ops.status_json import as_json
from booty.observability.ops.status_text import as_text
from booty.observability.text.terminal import plain

EX_UNKNOWN = 1
EX_NEEDS_PERSON = 3
EX_UNAVAILABLE = 69
EX_CONFIG = 78
EPILOG = """
Of the settings only the state directory is needed: BOOTY_STATE_DIR, else $STATE_DIRECTORY, else ./var. Run it as the
service's user or as root; status only looks, and neither leaves a file that the service could not open.

exit codes: 0 done; 1 no such refused alert; 2 wrong usage; 3 status: something needs a person, and a line that begins
with "!" says what; 69 the ledger cannot be reached; 78 what should be the state directory is not a directory
"""


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    environ = {name: value.strip() for name, value in os.environ.items() if value.strip()}
    directory = state_directory.named_in(environ)
    try:
        if (fault := state_directory.shape_fault(directory)) is not None:
            print(plain(f"BOOTY_STATE_DIR: {fault}"), file=sys.stderr)
            return EX_CONFIG
        if options.command == "retry":
            code, words = _retry(directory, options.fingerprint)
        else:
            code, words = _look(directory, environ, is_json=options.json)
    except (NoAccess, NotStored, OSError) as error:
        print(plain(f"The ledger cannot be used: {error}"), file=sys.stderr)
        print("  Look at the space and the rights of its directory, and who runs this.", file=sys.stderr)
        return EX_UNAVAILABLE
    _print(words)
    return code


def _print(words: str) -> None:
    """Print what the command found; a reader such as `head` may have had enough of it."""
    try:
        print(words, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for the flush at the end of Python


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m booty",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    status = commands.add_parser("status", help="show what waits and since when, what holds it up, what GitHub refused")
    status.add_argument("--json", action="store_true", help="print it for a machine")
    retry = commands.add_parser("retry", help="file refused alerts once more; ask GitHub at once")
    which = retry.add_mutually_exclusive_group(required=True)
    which.add_argument("fingerprint", nargs="?", help="the one that status names")
    which.add_argument("--all", action="store_true", help="all of them")
    return parser


def _look(directory: Path, environ: dict[str, str], *, is_json: bool) -> tuple[int, str]:
    """Return what is to be known of the ledger, with the exit code."""
    now = time.time()
    status = Status(
        directory,
        Inspection(directory).look(now=now),
        unknown_names=unknown_names(environ, KNOWN),
        pages=_pages(environ.get("SENTRY_URL", "")),
        is_candidate=environ.get("BOOTY_CANDIDATE", "0").lower() not in OFF,
        now=now,
    )
    return EX_NEEDS_PERSON if status.troubles else 0, as_json(status) if is_json else as_text(status)


def _pages(url: str) -> SentryPages:
    """Return which pages of Sentry are linked; those of sentry.io when the setting is wrong."""
    try:
        is_address = urlsplit(url).scheme in {"https", "http"} and urlsplit(url).port != 0
    except ValueError:
        is_address = False
    return SentryPages(url) if is_address else SentryPages()


def _retry(directory: Path, fingerprint: str | None) -> tuple[int, str]:
    """Owe one refused alert once more, or all; end any pause. The service's courier finds them within half a minute."""
    inspection = Inspection(directory)
    found = inspection.look(now=time.time())
    if found.ledger is not None and (fault := found.damage or found.unwritable) is not None:
        raise NoAccess(fault)  # to write to it would set it aside, or fail
    letters = [letter.fingerprint for letter in found.refused]
    wanted = [name for name in letters if fingerprint in {name, None}]
    if fingerprint is not None and not wanted:
        return EX_UNKNOWN, "no such refused alert; see: python -m booty status"
    if found.ledger is not None:
        wanted = [name for name in wanted if inspection.retry(name, now=time.time())]
        inspection.resume(now=time.time())
    asked = "; GitHub is asked at once" if found.stop or found.pause else ""
    return 0, f"{len(wanted)} owed once more{asked}"
