"""The operator's commands: what is owed, what was refused, and another try for it."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from datetime import UTC, datetime

from booty.observability.config import Settings
from booty.observability.faults import InvalidSettings
from booty.observability.ledger import Census, Ledger
from booty.observability.store import NotStored
from booty.observability.wiring import ledger_for

EX_UNKNOWN = 1
EX_UNAVAILABLE = 69
EX_CONFIG = 78
EPILOG = """
The settings are the service's own: run it with the service's environment, as the service's user.
exit codes: 0 done; 1 no such refused alert; 69 the ledger cannot be read or written; 78 wrong settings
"""


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        settings = Settings.load(os.environ)
        ledger = ledger_for(settings)
        if options.command == "retry":
            return _retry(ledger, options.fingerprint)
        return _show(ledger.census(), as_json=options.json)
    except InvalidSettings as error:
        sys.stderr.write(f"{error}\n")
        return EX_CONFIG
    except NotStored as error:
        sys.stderr.write(f"The ledger cannot be used: {error}\n  Look at the space and the rights of its directory.\n")
        return EX_UNAVAILABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m booty",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    status = commands.add_parser("status", help="show how many alerts wait, any pause, and what GitHub refused")
    status.add_argument("--json", action="store_true", help="print it for a machine")
    retry = commands.add_parser("retry", help="file refused alerts once more")
    which = retry.add_mutually_exclusive_group(required=True)
    which.add_argument("fingerprint", nargs="?", help="the one that status names")
    which.add_argument("--all", action="store_true", help="all of them")
    return parser


def _show(census: Census, *, as_json: bool) -> int:
    if as_json:
        pause = census.pause and {"until": _iso(census.pause.until), "reason": census.pause.reason}
        refused = [
            {"fingerprint": letter.fingerprint, "refused_at": _iso(letter.refused_at), "reason": letter.reason}
            for letter in census.refused
        ]
        print(json.dumps({"owed": census.owed, "pause": pause, "refused": refused}))
        return 0
    print(f"{census.owed} owed, {len(census.refused)} refused")
    if census.pause is not None:
        print(f"paused until {_iso(census.pause.until)}: {census.pause.reason}")
    for letter in census.refused:
        print(f"refused {_iso(letter.refused_at)}  {letter.fingerprint}\n    {letter.reason}")
    if census.refused:
        print("Once the cause is mended: python -m booty retry --all")
    return 0


def _retry(ledger: Ledger, fingerprint: str | None) -> int:
    """Owe one refused alert once more, or all of them; the service's courier finds them within half a minute."""
    wanted = [letter.fingerprint for letter in ledger.census().refused] if fingerprint is None else [fingerprint]
    owed = [name for name in wanted if ledger.retry(name, now=time.time())]
    if owed or fingerprint is None:
        print(f"{len(owed)} owed once more")
        return 0
    print("no such refused alert; see: python -m booty status")
    return EX_UNKNOWN


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


if __name__ == "__main__":
    raise SystemExit(main())
