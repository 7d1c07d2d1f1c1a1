"""How a database stands, as far as a look tells: for `booty doctor`."""

from __future__ import annotations

import time
from dataclasses import dataclass

import psycopg

from booty.observability.ledger.engines.postgres.connection.dialling import connect
from booty.observability.ledger.engines.postgres.connection.unfit import Unfit

TRIES = 5
SECONDS = 5.0
FACTS = (
    "SELECT extract(epoch FROM clock_timestamp())::float8, current_setting('fsync') = 'on', "
    "current_setting('transaction_read_only') = 'off'"
)


class Unreached(Exception):
    """The database cannot be used; says why."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What was seen: the server's version, how long one round trip takes at best, how far its clock is ahead of ours.

    `is_encrypted` is None where the server is on this machine; `is_durable`: a commit outlives a power cut.
    `is_writable`: it takes writes, as a standby does not.
    """

    version: str
    milliseconds: float
    clock_ahead_seconds: float
    is_encrypted: bool | None
    is_durable: bool
    is_writable: bool = True


def probe(url: str) -> Probe:
    """Look; nothing is written. Raises `Unreached`."""
    try:
        with connect(url, seconds=SECONDS) as wire:
            wire.ends_at = time.monotonic() + SECONDS
            best, ahead, is_durable, is_writable = float("inf"), 0.0, True, True
            for _ in range(TRIES):
                asked_at, began = time.time(), time.perf_counter()
                for there, is_synced, takes_writes in wire.execute(FACTS):
                    took, is_durable, is_writable = time.perf_counter() - began, is_synced, takes_writes
                    if took < best:
                        best, ahead = took, there - asked_at - took / 2
            version = wire.info.parameter_status("server_version") or ""
            is_near = (wire.info.host or "/").startswith("/")
            is_encrypted = None if is_near else wire.pgconn.ssl_in_use
            return Probe(version.split()[0], best * 1000, ahead, is_encrypted, is_durable, is_writable)
    except (psycopg.Error, Unfit) as error:
        raise Unreached(" ".join(str(error).split())) from error
