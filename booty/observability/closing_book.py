"""What the ledger remembers for `closings`: how far it read, which closings Sentry knows of.

It shares the ledger's store and reads `issue/<number>` and `alert/<fingerprint>`, which the ledger writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from booty.observability.records import HISTORY, PLACE, Record, shaped
from booty.observability.shelf import JsonShelf
from booty.observability.store import Store

KEY = "closings"


@dataclass(frozen=True, slots=True)
class Place:
    """Where reading goes on: changes from `since` on (ISO 8601, UTC), the ETag of the page that was read last."""

    since: str
    etag: str | None


class ClosingBook:
    """The records in one store; times are unix seconds. Every method raises `NotStored`."""

    def __init__(self, store: Store) -> None:
        """Use `store`; nothing is opened yet."""
        self._store = store

    def begin_cycle(self, *, now: float, seconds: float) -> Place | None:
        """Begin a cycle, None when one began less than `seconds` ago, in whatever worker.

        The first one reads from `seconds` ago on: a service that just started had no earlier chance.
        """

        def work(shelf: JsonShelf) -> Place | None:
            first: Record = {"since": f"{datetime.fromtimestamp(now - seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"}
            book = first | shaped(shelf.get(KEY), PLACE)
            if 0 <= now - book.get("began_at", -seconds) < seconds:
                return None
            shelf[KEY] = book | {"began_at": now}
            return Place(book["since"], book.get("etag"))

        return self._store.transact(work)

    def end_cycle(self, *, since: str, etag: str | None) -> None:
        """Go on from there the next time."""
        self._store.transact(
            lambda shelf: shelf.update({KEY: shaped(shelf.get(KEY), PLACE) | {"since": since, "etag": etag}})
        )

    def untold(self, number: int) -> str | None:
        """Return the fingerprint of issue `number`, None when it is not ours or Sentry knows that it is resolved."""

        def work(shelf: JsonShelf) -> str | None:
            fingerprint: str | None = shelf.get(f"issue/{number}")
            record = shaped(shelf.get(f"alert/{fingerprint}"), HISTORY)
            is_untold = record.get("issue") == number and not record.get("is_resolved_in_sentry", False)
            return fingerprint if is_untold else None

        return self._store.transact(work)

    def tell(self, fingerprint: str) -> None:
        """Remember that Sentry knows."""

        def work(shelf: JsonShelf) -> None:
            record = shaped(shelf.get(f"alert/{fingerprint}"), HISTORY)
            shelf[f"alert/{fingerprint}"] = record | {"is_resolved_in_sentry": True}

        self._store.transact(work)
