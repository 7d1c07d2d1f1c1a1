"""A ledger's file is copied into a database, in one transaction: all of it is there, or nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

import psycopg
from msgspec.json import encode

from booty.observability.ledger.engines.postgres.connection.dialling import connect
from booty.observability.ledger.engines.postgres.connection.known import give_id, id_in
from booty.observability.ledger.engines.postgres.connection.opening import OPEN_SECONDS, make_table, shelf_over
from booty.observability.ledger.engines.postgres.connection.trips import NOTHING, Trips
from booty.observability.ledger.engines.postgres.connection.unfit import Unfit
from booty.observability.ledger.engines.postgres.connection.wire import Wire
from booty.observability.ledger.engines.postgres.leaving import Leaving
from booty.observability.ledger.engines.postgres.locks import EVERYTHING

EVERY = 10_000
"""Records between two words about how far it has come."""
LOCK_SECONDS = 10
PROBLEMS = ("alert", "alias", "owed", "refused")
"""What the keys begin with of which a ledger with problems has some."""
ANY_OF = "SELECT count(*) FROM booty_ledger WHERE key >= %b AND key < %b"
COPY = "COPY booty_ledger (key, value) FROM STDIN (FORMAT BINARY)"

Tell = Callable[[int], None]
"""Is told how many records are copied so far."""


class NotMoved(Exception):
    """Nothing was moved; says why."""


class NotEmpty(NotMoved):
    """The database holds another ledger, of which something would be lost."""


@dataclass(frozen=True, slots=True)
class Moved:
    """How many records went, or had gone already."""

    records: int
    is_new: bool


def copy(file: Leaving, url: str, *, tell: Tell) -> Moved:
    """Copy what the file holds, unless that was done. Raises `NotMoved`, `NotEmpty`."""
    try:
        with connect(url, seconds=OPEN_SECONDS) as wire:
            wire.execute(f"BEGIN; SET LOCAL lock_timeout = '{LOCK_SECONDS}s'; SET LOCAL synchronous_commit = on")
            wire.execute(f"SELECT pg_advisory_xact_lock({EVERYTHING}, 0)")  # whoever is in it waits, and spools
            moved = _copied(file, wire, tell)
            wire.execute("COMMIT")
            return moved
    except (psycopg.Error, Unfit) as error:
        raise NotMoved(" ".join(str(error).split())) from error


def _copied(file: Leaving, wire: Wire, tell: Tell) -> Moved:
    make_table(wire)
    key = f"moved/{blake2b(file.mark.encode(), digest_size=8).hexdigest()}".encode()
    if wire.execute("SELECT value FROM booty_ledger WHERE key = %b", (key,)).fetchone() is not None:
        return Moved(file.count(), is_new=False)  # killed between the commit and the file's new name
    # `0` is the character after `/`
    number = sum(
        each for kind in PROBLEMS for (each,) in wire.execute(ANY_OF, (f"{kind}/".encode(), f"{kind}0".encode()))
    )
    if number:
        raise NotEmpty(f"the database holds a ledger already, with {number} records of problems")
    known_as = id_in(shelf_over(Trips(wire)))  # to a second machine, perhaps
    wire.execute("DELETE FROM booty_ledger")
    with wire.cursor().copy(COPY) as stream:
        stream.set_types(["bytea", "bytea"])
        for row in _told(file.rows(), tell):
            stream.write_row(row)
    found = {"from": file.path.name, "moved_at": time.time()}
    wire.execute("INSERT INTO booty_ledger VALUES (%b, %b)", (key, encode(found)))
    for (there,) in wire.execute("SELECT count(*) FROM booty_ledger"):
        if there != file.count() + 1:
            raise NotMoved(f"only {there} records arrived")
    shelf = shelf_over(trips := Trips(wire))
    give_id(shelf, known_as)
    shelf.sync()
    trips.ask(NOTHING)  # that it is written
    return Moved(file.count(), is_new=True)


def _told(rows: Iterator[tuple[bytes, bytes]], tell: Tell) -> Iterator[tuple[bytes, bytes]]:
    for number, row in enumerate(rows, start=1):
        yield row
        if number % EVERY == 0:
            tell(number)
