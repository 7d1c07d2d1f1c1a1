"""How far a rebuild has come: the key `rebuild`, so that one that was interrupted goes on."""

from __future__ import annotations

from dataclasses import dataclass

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import Record, Shape, shaped

KEY = "rebuild"
PLACE: Shape = {"list": int, "page": int, "repository": str, "is_done": bool}


class NotEmpty(Exception):
    """The ledger knows problems that no rebuild brought: to add to them could contradict them."""


@dataclass(frozen=True, slots=True)
class Place:
    """The list that is read, by its number, its next page (from 1), and the repository; None: that of the settings."""

    listing: int = 0
    page: int = 1
    repository: str | None = None


def begin(shelf: Shelf) -> Place | None:
    """Return where to go on, None when all was read. Raises `NotEmpty`."""
    found: Record = shaped(shelf.get(KEY), PLACE)
    if found.get("is_done"):
        return None
    if not found and next(iter(shelf.under("alert/")), None) is not None:
        raise NotEmpty
    place = Place(found.get("list", 0), found.get("page", 1), found.get("repository"))
    advance(shelf, place)
    return place


def advance(shelf: Shelf, place: Place | None) -> None:
    """Note where to go on; None: all was read."""
    if place is None:
        shelf[KEY] = {"is_done": True}
        return
    repository = {} if place.repository is None else {"repository": place.repository}
    shelf[KEY] = {"list": place.listing, "page": place.page} | repository
