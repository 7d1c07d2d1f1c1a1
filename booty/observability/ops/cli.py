"""The operator's program: `booty`, the same as `python -m booty`."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from pkgutil import iter_modules

import click

from booty.observability.ops import commands
from booty.observability.ops.console.command import Command
from booty.observability.ops.console.given import given
from booty.observability.ops.console.remarks import give_up

INTERRUPTED = 130
COLLECTED_AT = 50_000
"""New objects: a command reads much and ends soon; to look through all of it at every 700 takes a tenth of its time."""
EPILOG = """
Settings come from the environment, then from /etc/booty/*.env on a droplet or .env here; each command needs only
those that it says. status and retry need the state directory alone: BOOTY_STATE_DIR, else $STATE_DIRECTORY, else
./var. Run them as the service's user or as root: none leaves a file that the service could not open.

exit codes: 0 done; 1 no such thing; 2 wrong usage; 3 something needs a person, and a line that begins with "!" or FAIL
says what; 69 the ledger, or what else the command asks, cannot be reached, or its output cannot be written; 78 a
setting that it needs is missing or wrong
"""


class Booty(Command, click.Group):
    """Imports a command when it is asked for: none waits for the libraries of another."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in order."""
        del ctx
        return sorted(module.name.replace("_", "-") for module in iter_modules(commands.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, None if there is none."""
        if cmd_name not in self.list_commands(ctx):
            return None
        found: click.Command = import_module(f"{commands.__name__}.{cmd_name.replace('-', '_')}").command
        return found


@click.group(
    cls=Booty,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120, "obj": None},
)
@click.pass_context
def booty(context: click.Context) -> None:
    """The operator's commands."""  # noqa: D401 - what the help says of the program
    context.obj = given(os.environ)


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    gc.set_threshold(COLLECTED_AT)
    try:
        code = booty.main(arguments, prog_name="booty", standalone_mode=False)
    except click.ClickException as error:
        try:
            error.show()
        except OSError:
            give_up(sys.stderr)
        return error.exit_code
    except click.Abort:  # Ctrl-C
        return INTERRUPTED
    return code if isinstance(code, int) else 0
