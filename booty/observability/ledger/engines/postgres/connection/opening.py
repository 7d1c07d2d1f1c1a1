"""A connection becomes an open ledger: the server is new enough, the table is there, this release can read it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import psycopg

from booty.observability.ledger.engines.postgres.connection.dialling import connect
from booty.observability.ledger.engines.postgres.connection.known import Known, give_id, id_in
from booty.observability.ledger.engines.postgres.connection.trips import NOTHING, Trips
from booty.observability.ledger.engines.postgres.connection.unfit import Unfit
from booty.observability.ledger.engines.postgres.connection.wire import Wire
from booty.observability.ledger.engines.postgres.entries import BETWEEN, DELETE, READ, SCHEMA, WRITE, PostgresEntries
from booty.observability.ledger.engines.postgres.locks import ABOUT, ALONE, begin
from booty.observability.ledger.engines.shelf import JsonShelf
from booty.observability.ledger.engines.version import KEY, admit, note_server, sign

OPEN_SECONDS = 3.0
"""For a connection, then for the statements of the opening; libpq takes no less than 2."""
RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE")
MAY = "SELECT " + " AND ".join(f"has_table_privilege('booty_ledger', '{right}')" for right in RIGHTS)
IN_PLACE = "SELECT to_regclass('booty_ledger') IS NOT NULL"
SERVER = "SELECT system_identifier || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8) FROM pg_control_system()"
"""Its cluster, and the timeline, of which each standby that takes over, and each restored backup, begins a new one."""
TRANSACTION = "SELECT pg_current_xact_id()::xid"
"""Its number as the rows that it writes bear it (`xmin`), whatever is made of the table later."""
MOST_SECONDS_APART = 120.0
"""Of a machine's clock from the database's, so that no two machines are further apart than `LONGEST_WAIT_SECONDS`:
beyond that, one takes what another has leased for what a clock left that was wrong."""
TIME = "SELECT extract(epoch FROM clock_timestamp())::float8"
APART = "this machine's clock is {seconds:.0f} s away from the database's"
SET_CLOCK = "let chrony or systemd-timesyncd keep this machine's time (timedatectl), and the database's"
TAKES_NO_WRITES = "the server takes no writes: it is a standby, or is becoming the primary"
GRANT = "let its user make and change the table booty_ledger: GRANT USAGE, CREATE ON SCHEMA public TO {user}"


@dataclass(frozen=True, slots=True)
class OpenLedger:
    """What one process holds open."""

    wire: Wire
    trips: Trips
    entries: PostgresEntries
    shelf: JsonShelf
    own_writer: bytes | None
    """Which transaction wrote the ledger's record of itself; where another one did, these are other records."""


def open_ledger(
    url: str,
    release: str | None,
    *,
    require: Callable[[], None] = lambda: None,
    known: Known | None = None,
    clock: Callable[[], float] = time.time,
) -> OpenLedger:
    """Connect, and make the table if need be. Raises `psycopg.Error`, `NewerLedger`, `Unfit`, as `require` may.

    Whoever says which ledger is `known` gets no other. `clock` (unix seconds) is the one by which jobs are leased.
    """
    require()
    wire = connect(url, seconds=OPEN_SECONDS)
    try:
        wire.ends_at = time.monotonic() + OPEN_SECONDS
        trips = Trips(wire)
        begin(trips, (), patience=OPEN_SECONDS, is_lasting=True)
        trips.ask(NOTHING)
        _require_time(wire, clock)
        make_table(wire)
        shelf = JsonShelf(entries := PostgresEntries(trips))
        if known is not None:
            known.require(id_in(shelf))
        admit(shelf, release=release, now=time.time())
        found, server = give_id(shelf), _server(wire)
        own_writer = _signed(shelf, entries, trips, server, before=known.server if known else "")
        trips.ask("COMMIT")
        if known is not None:
            known.note(found, server=server)
        trips.keep(ABOUT, ALONE, READ, WRITE, DELETE, BETWEEN)
    except BaseException:
        wire.close()
        raise
    return OpenLedger(wire, trips, entries, shelf, own_writer)


def _signed(shelf: JsonShelf, entries: PostgresEntries, trips: Trips, server: str, *, before: str) -> bytes | None:
    """Write what the ledger says of itself, if that is new; return which transaction wrote it. Raises `psycopg.Error`.

    `before` is the server on which this process saw the ledger.
    """
    there = entries.own_writer
    written_in = None if there is None else int.from_bytes(there)
    note_server(shelf, server, before=before, now=time.time(), written_in=written_in)
    if not shelf.is_changed and written_in == shelf[KEY].get("written_in"):
        return there
    ((writer,),) = trips.ask(TRANSACTION)
    sign(shelf, int.from_bytes(writer or b""))
    shelf.sync()
    return writer


def shelf_over(trips: Trips) -> JsonShelf:
    """Return the ledger that the connection's table holds."""
    return JsonShelf(PostgresEntries(trips))


def _require_time(wire: Wire, clock: Callable[[], float]) -> None:
    """Return when `clock` is near enough to the database's. Raises `psycopg.Error`, `Unfit`."""
    asked_at = clock()
    for (there,) in wire.execute(TIME):
        if (seconds := max(asked_at - there, there - clock())) > MOST_SECONDS_APART:
            raise Unfit(APART.format(seconds=seconds), SET_CLOCK, is_passing=True)


def _server(wire: Wire) -> str:
    """Return the name of the server as long as it has all that it ever had, "" where it does not say."""
    wire.execute("SAVEPOINT server")
    try:
        return "".join(name for (name,) in wire.execute(SERVER))
    except psycopg.Error:  # something that only speaks like PostgreSQL
        wire.execute("ROLLBACK TO SAVEPOINT server")
        return ""
    finally:
        wire.execute("RELEASE SAVEPOINT server")  # what is written next bears the transaction's own number


def make_table(wire: Wire) -> None:
    """Make the table unless it is there. Raises `psycopg.Error`, `Unfit`."""
    if wire.execute("SHOW transaction_read_only").fetchone() == ("on",):
        raise Unfit(TAKES_NO_WRITES, "name the primary; it is asked again", is_passing=True)
    try:
        if wire.execute(IN_PLACE).fetchone() == (False,):
            wire.execute(SCHEMA)
        is_allowed = wire.execute(MAY).fetchone() == (True,)
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidSchemaName) as error:
        raise Unfit(str(error).partition("\n")[0], GRANT.format(user=wire.info.user)) from None
    if not is_allowed:
        words = f"permission denied: {wire.info.user} may not read and write the table booty_ledger"
        raise Unfit(words, f"GRANT {', '.join(RIGHTS)} ON booty_ledger TO {wire.info.user}")
