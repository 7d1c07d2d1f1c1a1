"""Which release's records a ledger holds, so that another one knows whether it can read them.

Records are only ever extended: a release passes over fields and keys that it does not know, and so can be rolled back
to. Should that not be enough one day, the release that changes them raises `VERSION`, and `OLDEST_READER` to the first
one that can still read what it writes; an older one then refuses the ledger instead of misreading it.
"""

from __future__ import annotations

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import Shape, shaped

KEY = "schema"
VERSION = 1
OLDEST_READER = 1
SCHEMA: Shape = {"version": int, "oldest_reader": int, "release": str}


class NewerLedger(Exception):
    """The records are of a newer kind than this release can read; says which one wrote them."""


def admit(shelf: Shelf, *, release: str | None, now: float) -> None:
    """Return when this release may use the ledger, which then says so. Raises `NewerLedger`.

    The record stays that of the newest kind, whoever writes beside it, and keeps what else it says, such as an id.
    """
    if known_version(shelf) < VERSION:
        own = {"version": VERSION, "oldest_reader": OLDEST_READER, "release": release or "", "written_at": now}
        shelf[KEY] = shaped(shelf.get(KEY), SCHEMA) | own


def known_version(shelf: Shelf) -> int:
    """Return the kind of the records, 0 when the ledger does not say. Raises `NewerLedger`."""
    known = shaped(shelf.get(KEY), SCHEMA)
    version: int = known.get("version", 0)
    if known.get("oldest_reader", version) > VERSION:
        writer = known.get("release") or "a newer release"
        raise NewerLedger(f"{writer} wrote it, in schema {version}; this release reads {VERSION}: go on to {writer}")
    return version
