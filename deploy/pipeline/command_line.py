"""The command line of every program: `--target`, `--help`, nothing else."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from typing import NoReturn

from deploy.pipeline.exit_codes import ExitCode
from deploy.pipeline.target import PRODUCTION, Target

Main = Callable[[Mapping[str, str], Target], int]


class _Parser(argparse.ArgumentParser):
    """A parser that ends with `USAGE`: argparse's own 2 would read as a rollback that failed."""

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and exit."""
        self.exit(ExitCode.USAGE, f"{self.format_usage()}{self.prog}: {message}\n")


def run(main: Main, *, program: str, description: str | None) -> NoReturn:
    """Call `main` with the process's environment and the target that the command line names, then exit."""
    parser = _Parser(prog=f"python3 -m deploy.pipeline.{program}", description=description)
    parser.add_argument(
        "--target", type=Target, default=PRODUCTION, metavar="NAME", help=f"the Environment (default {PRODUCTION.name})"
    )
    sys.exit(main(os.environ, parser.parse_args().target))
