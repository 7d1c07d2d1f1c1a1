"""What a ledger says of itself: which release's records it holds, on which server it is.

Records are only ever extended: a release passes over fields and keys that it does not know, and so can be rolled back
to. Should that not be enough one day, the release that changes them raises `VERSION`, and `OLDEST_READER` to the first
one that can still read what it writes; an older one then refuses the ledger instead of misreading it.

A database's server that follows asynchronously lacks what was committed last when it takes over, as a restored backup
does, and so what was filed then. Every machine reads in the ledger that its server is another one. A backup that is put
into the same server is told by the transaction that wrote this record: a copy of the record was written in another one.
"""

from __future__ import annotations

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import Shape, shaped

KEY = "schema"
VERSION = 1
OLDEST_READER = 1
SCHEMA: Shape = {
    "version": int,
    "oldest_reader": int,
    "release": str,
    "server": str,
    "server_since": float,
    "written_in": int,
}
DOUBT_SECONDS = 24 * 3600.0
"""How far back what was filed may be missing, and how long it is looked for."""


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


def note_server(shelf: Shelf, server: str, *, before: str, now: float, written_in: int | None = None) -> None:
    """Note the server by its name, which is empty when it is not known; `before` is where this process saw the ledger.

    That may be another one than the ledger says: a server that comes back has not seen what happened meanwhile.
    `written_in` is the transaction that wrote the record that is there, None when that is not known.
    """
    known = shaped(shelf.get(KEY), SCHEMA)
    was = before or known.get("server", "")
    is_other = bool(server) and was not in {"", server}
    is_copy = written_in is not None and known.get("written_in", written_in) != written_in
    if (server and not server == was == known.get("server")) or is_copy:
        named = {"server": server} if server else {}
        shelf[KEY] = known | named | ({"server_since": now} if is_other or is_copy else {})


def sign(shelf: Shelf, written_in: int) -> None:
    """Note which transaction writes this record."""
    shelf[KEY] = shaped(shelf.get(KEY), SCHEMA) | {"written_in": written_in}


def doubted_since(shelf: Shelf, now: float) -> float | None:
    """Return since when an issue may have been made that the ledger lacks (unix seconds), None when it lacks none."""
    since: float | None = shaped(shelf.get(KEY), SCHEMA).get("server_since")
    return None if since is None or abs(now - since) > DOUBT_SECONDS else since - DOUBT_SECONDS
