"""A connection becomes an open ledger: the server is new enough, the table is there, this release can read it."""

from __future__ import annotations

import time
from dataclasses import dataclass

import psycopg

from booty.observability.ledger.engines.postgres.entries import SCHEMA, PostgresEntries
from booty.observability.ledger.engines.postgres.locks import begin
from booty.observability.ledger.engines.postgres.wire import Wire
from booty.observability.ledger.engines.shelf import JsonShelf
from booty.observability.ledger.engines.version import admit

EXAMPLE = "postgresql://user:password@host:5432/name?sslmode=require"
OLDEST_SERVER = 140000
"""PostgreSQL 14; what is older gets no fixes any more."""
OPEN_SECONDS = 3.0
"""For a connection, then for each statement of the opening; libpq takes no less than 2."""


class Unfit(Exception):
    """The database cannot hold a ledger; says why, for the operator."""


@dataclass(frozen=True, slots=True)
class OpenLedger:
    """What one process holds open."""

    wire: Wire
    entries: PostgresEntries
    shelf: JsonShelf


def connect(url: str) -> Wire:
    """Return a connection. Raises `psycopg.Error`, `Unfit`."""
    try:
        wire = Wire.connect(
            url,
            autocommit=True,
            connect_timeout=round(OPEN_SECONDS),
            prepare_threshold=None,  # a pooler between us and the server loses prepared statements
            application_name="booty",
        )
    except psycopg.ProgrammingError:  # its words quote the URL, of which a part may be the password
        raise Unfit(f"this is not the URL of a database; one looks like {EXAMPLE}") from None
    if wire.info.server_version < OLDEST_SERVER:
        version = wire.info.server_version // 10_000
        wire.close()
        raise Unfit(f"the server is PostgreSQL {version}; {OLDEST_SERVER // 10_000} or newer is needed")
    return wire


def open_ledger(url: str, release: str | None) -> OpenLedger:
    """Connect, and make the table if need be. Raises `psycopg.Error`, `NewerLedger`, `Unfit`."""
    wire = connect(url)
    try:
        wire.ends_at = time.monotonic() + OPEN_SECONDS
        if wire.execute("SHOW synchronous_commit").fetchone() == ("off",):
            wire.execute("SET synchronous_commit = on")
        wire.execute(begin((), patience=OPEN_SECONDS, is_lasting=True))
        if wire.execute("SELECT to_regclass('booty_ledger')").fetchone() == (None,):
            wire.execute(SCHEMA)
        shelf = JsonShelf(entries := PostgresEntries(wire))
        admit(shelf, release=release, now=time.time())
        shelf.sync()
        wire.execute("COMMIT")
    except BaseException:
        wire.close()
        raise
    return OpenLedger(wire, entries, shelf)
