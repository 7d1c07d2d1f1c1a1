"""The command line of every program: `--target`, `--help`, nothing else; and its end when the run is cancelled."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import NoReturn

from deploy.pipeline.exit_codes import ExitCode
from deploy.pipeline.github.actions import tell
from deploy.pipeline.target import PRODUCTION, Target

Main = Callable[[Mapping[str, str], Target], int]

CANCELLED = (
    "The run was cancelled in this step ({program}): what it had begun is done or not done. Nothing comes after it."
)


class _Parser(argparse.ArgumentParser):
    """A parser that ends with `USAGE`: argparse's own 2 would read as a rollback that failed."""

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and exit."""
        self.exit(ExitCode.USAGE, f"{self.format_usage()}{self.prog}: {message}\n")


def run(main: Main, *, program: str, description: str | None) -> NoReturn:
    """Call `main` with the process's environment and the target that the command line names, then exit.

    SIGINT and SIGTERM raise KeyboardInterrupt in it; where it does not catch that, the run's page says so.
    """
    parser = _Parser(prog=f"python3 -m deploy.pipeline.{program}", description=description)
    parser.add_argument(
        "--target", type=Target, default=PRODUCTION, metavar="NAME", help=f"the Environment (default {PRODUCTION.name})"
    )
    target = parser.parse_args().target
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code = main(os.environ, target)
    except KeyboardInterrupt:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)  # GitHub repeats itself
        if "GITHUB_STEP_SUMMARY" in os.environ:  # on a laptop there is none
            tell(os.environ, "error", CANCELLED.format(program=program))
        code = ExitCode.INTERRUPTED
    sys.exit(code)
