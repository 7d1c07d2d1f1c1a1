"""Which ledger a machine works on: another, such as an empty one after a failover, is not taken for it.

A ledger has an id; a machine notes it in its state directory. What an older release made gets one.
"""

from __future__ import annotations

import os
import uuid
from contextlib import suppress
from pathlib import Path

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.postgres.connection.unfit import Unfit
from booty.observability.ledger.engines.records import Shape, shaped
from booty.observability.ledger.engines.version import KEY

ID: Shape = {"id": str}
"""A field of the record that says which release's records the ledger holds."""
NOTE = "database-id"
"""The file's name."""
OTHER = "the database holds another ledger than the one that this machine used, perhaps an empty one"
REMEDY = "bring back the data, or the server that has it; to go on with this ledger all the same, remove {path}"


class Known:
    """What one machine noted; a file that cannot be read or written counts as none."""

    def __init__(self, directory: Path) -> None:
        """Name its state directory; nothing is made yet."""
        self._path = directory / NOTE
        self.server = ""
        """Where this process saw the ledger last."""

    def require(self, found: object) -> None:
        """Return when a ledger with that id is the one that is known, if one is. Raises `Unfit`."""
        if (known := self._read()) and found != known:
            raise Unfit(OTHER, REMEDY.format(path=self._path), is_passing=True)

    def note(self, found: str, *, server: str) -> None:
        """Note the id of the ledger that is used from now on, and on which server it is."""
        self.server = server
        if self._read():
            return
        draft = self._path.with_name(f"{NOTE}.{os.getpid()}")
        with suppress(OSError):
            draft.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft.touch(mode=0o600)
            draft.write_text(found)
            draft.replace(self._path)

    def _read(self) -> str:
        try:
            return self._path.read_text().strip()
        except (OSError, UnicodeDecodeError):
            return ""


def id_in(shelf: Shelf) -> str | None:
    """Return the ledger's id, None where it has none yet."""
    found: str | None = shaped(shelf.get(KEY), ID).get("id")
    return found


def give_id(shelf: Shelf, given: str | None = None) -> str:
    """Return the ledger's id; one that has none gets a new one, or the one that is `given`."""
    if (found := id_in(shelf)) is None:
        found = given or uuid.uuid4().hex
        shelf[KEY] = shaped(shelf.get(KEY), ID) | {"id": found}
    return found
