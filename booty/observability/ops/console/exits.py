"""How a command ends: its exit codes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from click import ClickException

from booty.observability.config_errors import InvalidSettings
from booty.observability.ledger.engines.engine import NoAccess, NotStored
from booty.observability.ops.console.remarks import remark
from booty.observability.text.terminal import plain

EX_UNKNOWN = 1
EX_NEEDS_PERSON = 3
EX_UNAVAILABLE = 69
EX_CONFIG = 78


class Ended(ClickException):
    """The command cannot go on; its words go to stderr, line by line, with nothing that could steer a terminal."""

    def show(self, file: object = None) -> None:
        """Print why; click calls it, and so does `main`."""
        del file
        remark("\n".join(map(plain, self.message.splitlines())))


class NoSuchThing(Ended):
    """What the command was asked about is not there."""

    exit_code = EX_UNKNOWN


class NeedsPerson(Ended):
    """A person must decide or fix something first."""

    exit_code = EX_NEEDS_PERSON


class Unreachable(Ended):
    """The ledger, Sentry, GitHub or the service itself cannot be reached, or what the command prints goes nowhere."""

    exit_code = EX_UNAVAILABLE


class WrongSettings(Ended):
    """A setting that the command needs is missing or wrong."""

    exit_code = EX_CONFIG


@contextmanager
def reaching_the_ledger() -> Iterator[None]:
    """Say of any fault of the ledger what a person should look at. Raises `Unreachable`."""
    try:
        yield
    except (NoAccess, NotStored, OSError) as error:
        remedy = "  Look at the space and the rights of its directory, and who runs this."
        raise Unreachable(f"The ledger cannot be used: {plain(str(error))}\n{remedy}") from error


@contextmanager
def asking_for_settings() -> Iterator[None]:
    """List all faults of the settings. Raises `WrongSettings`."""
    try:
        yield
    except InvalidSettings as error:
        raise WrongSettings(str(error)) from error
