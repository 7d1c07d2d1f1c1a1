"""Whether the ledger may lack its last records: a standby took over, or a backup was restored.

A server that follows asynchronously lacks what was committed last, and so what was filed then. The ledger says on which
server it is, so that every machine notes when that is another one. What no release of ours noted is believed.
"""

from __future__ import annotations

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import Shape, shaped
from booty.observability.ledger.engines.version import KEY

SERVER: Shape = {"server": str, "server_since": float}
"""Fields of the record that says which release's records the ledger holds."""
DOUBT_SECONDS = 24 * 3600.0
"""How far back what was filed may be missing, and how long it is looked for."""


def note_server(shelf: Shelf, server: str, *, before: str, now: float) -> None:
    """Note the server by its name, which is empty when it is not known; `before` is where this process saw the ledger.

    That may be another one than the ledger says: a server that comes back has not seen what happened meanwhile.
    """
    known = shaped(shelf.get(KEY), SERVER)
    was = before or known.get("server", "")
    if server and not server == was == known.get("server"):
        shelf[KEY] = known | {"server": server} | ({"server_since": now} if was not in {"", server} else {})


def doubted_since(shelf: Shelf, now: float) -> float | None:
    """Return since when an issue may have been made that the ledger lacks (unix seconds), None when it lacks none."""
    since: float | None = shaped(shelf.get(KEY), SERVER).get("server_since")
    return None if since is None or abs(now - since) > DOUBT_SECONDS else since - DOUBT_SECONDS
