"""The home of a ledger: the repository whose records have no mark, since the ledger began with it.

Key: `home`. Other settings later do not make the numbers of one repository those of another, unless it is the same one
under another name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from booty.observability.alerts.occurrence import Occurrence
from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.engines.engine import Engine, Shelf
from booty.observability.ledger.repositories.names import AT, mark_in, mark_of, repository_in

KEY = "home"


@dataclass(frozen=True, slots=True)
class Home:
    """Tells marks from repositories, by the one that the settings name; `owner/name`, "" where nobody says."""

    default: str = ""

    def mark(self, shelf: Shelf, repository: str | None) -> str:
        """Return the mark of a repository, None for that of the settings."""
        here = (repository or self.default).lower()
        return "" if here in {"", shelf.get(KEY, self.default.lower())} else mark_of(here)

    def begin(self, shelf: Shelf) -> None:
        """Give the ledger its home, before the first record that is of a repository, unless it has one."""
        if self.default and shelf.get(KEY) is None:
            shelf[KEY] = self.default.lower()

    def repository(self, shelf: Shelf, name: str) -> str | None:
        """Return the repository of the problem or job of that name, in lower case; None for that of the settings."""
        here = repository_in(name) or (shelf.get(KEY, self.default) if self.default else None)
        return None if here == self.default.lower() else here

    def former(self, shelf: Shelf) -> str | None:
        """Return the ledger's home where the settings name another repository by now."""
        home = shelf.get(KEY)
        return home if self.default and isinstance(home, str) and home != self.default.lower() else None

    def rename(self, shelf: Shelf) -> None:
        """Call the home what the settings call it: it is the same repository."""
        shelf[KEY] = self.default.lower()


UNNAMED = Home()


class Marks:
    """The marks that one process has learned; where the settings name another repository than the home, none is."""

    def __init__(self, engine: Engine, home: Home) -> None:
        """Know none yet."""
        self._engine = engine
        self._home = home
        self._known: dict[str | None, str] = {} if home.default else {None: ""}

    def put_on(self, alert: Occurrence, repository: str | None) -> Occurrence:
        """Return the alert with the names that its problem has in a repository. Raises `NotStored`."""
        mark = self._known.get(repository)
        if mark is None:
            here = self._home.default.lower()
            mark, is_lasting = self._engine.transact(
                lambda shelf: (self._home.mark(shelf, repository), shelf.get(KEY) == here),
                reads=(KEY,),
                about="",
                is_lasting=False,
            )
            self._known |= {repository: mark} if is_lasting else {}
        return alert.marked(mark) if mark else alert


def with_mark(change: StatusChange, mark: str) -> StatusChange:
    """Return the change with the names that its problem has in the repository of that mark."""
    aliases = tuple(f"{each}{mark}" for each in change.aliases)
    return change.but(fingerprint=f"{change.fingerprint}{mark}", aliases=aliases)


def marks_of(shelf: Shelf, names: Iterable[str]) -> tuple[str, ...]:
    """Return the marks of all repositories that have the problem with these names, "" of the home, in order."""
    kinds = ("alert/", "alias/")
    marked = {mark_in(key) for name in names for kind in kinds for key in shelf.under(f"{kind}{name}{AT}")}
    at_home = {"" for name in names for kind in kinds if f"{kind}{name}" in shelf}
    return tuple(sorted(marked | at_home)) or ("",)
