"""The port of a store as an operator's command uses it, beside the service that runs on it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from booty.observability.ledger.engines.engine import Engine, Result, Work


@dataclass(frozen=True, slots=True)
class Survey:
    """What is seen of a store from outside: its place, None where there is none yet, and what is beside it.

    `set_aside` names what could not be read before, `free_bytes` is the room that is left, `unwritable` says why this
    user could not write, `unreached` why a database cannot be asked, `spooled` what waits for it on this machine: how
    many, since when (unix seconds).
    """

    ledger: Path | str | None = None
    set_aside: tuple[str, ...] = ()
    free_bytes: int | None = None
    unwritable: str | None = None
    unreached: str | None = None
    spooled: tuple[int, float | None] = (0, None)


class Store(Protocol):
    """One store, by what a command does with it."""

    def survey(self) -> Survey:
        """Return what is seen from outside. Raises `NoAccess`."""

    def look(self, work: Work[Result]) -> Result | None:
        """Return what `work` finds in one consistent reading, None where there is no ledger; it writes nothing.

        Raises `NoAccess`, `NewerLedger`.
        """

    def trace(self) -> object:
        """Return what is another value after any change; None where nothing but a look tells. Raises `NoAccess`."""

    def engine(self) -> AbstractContextManager[Engine]:
        """Lend the engine, such that what it makes belongs to the service. Raises `OSError`."""

    def change(self, work: Work[Result]) -> Result:
        """Run `work` in a transaction, as `engine` lends it. Raises `NotStored`, `OSError`."""
