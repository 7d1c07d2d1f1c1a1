"""The repositories that the ledger has issues of, whatever the settings name by now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.repositories.home import Home
from booty.observability.ledger.repositories.names import AT


def left_behind(shelf: Shelf, home: Home, names: Iterable[str]) -> tuple[str, ...]:
    """Return those, `owner/name` in lower case, that are neither the settings' own nor among the `names` of routes."""
    former = home.former(shelf)
    known = {home.default.lower(), *(name.lower() for name in names)}
    return tuple(each for each in (*filter(None, (former,)), *_marked(shelf)) if each not in known)


def _marked(shelf: Shelf) -> Iterator[str]:
    """Yield each repository that issues are marked with: one look for each, not for each issue."""
    prefix, since = f"issue{AT}", ""
    while (key := next(shelf.under(prefix, since=since), None)) is not None:
        name = key.removeprefix(prefix).partition("/")[0]
        yield name.replace(":", "/")
        since = f"{name}0"  # just behind the slash
