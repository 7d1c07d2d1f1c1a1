"""A connection to a server that is new enough, encrypted unless the server is on this machine or the URL says no."""

from __future__ import annotations

import os

import psycopg
from psycopg.conninfo import conninfo_to_dict

from booty.observability.config.ledger_url import EXAMPLE
from booty.observability.config.repository import LOOPBACK
from booty.observability.ledger.engines.postgres.connection.unfit import Unfit
from booty.observability.ledger.engines.postgres.connection.wire import Wire

OLDEST_SERVER = 140000
"""PostgreSQL 14; what is older gets no fixes any more."""
ELSEWHERE = {"host": "PGHOST", "hostaddr": "PGHOSTADDR", "service": "PGSERVICE", "sslmode": "PGSSLMODE"}
"""Where libpq finds what the URL leaves open."""
NO_URL = "is not the URL of a database"


def connect(url: str, *, seconds: float) -> Wire:
    """Return a connection, within `seconds` for each address. Raises `psycopg.Error`, `Unfit`."""
    try:
        wire = Wire.connect(
            url,
            autocommit=True,
            connect_timeout=round(seconds),
            prepare_threshold=None,  # a pooler between us and the server loses prepared statements
            application_name="booty",
            sslmode=_sslmode(url),
        )
    except psycopg.ProgrammingError:  # its words quote the URL, of which a part may be the password
        raise Unfit(NO_URL, f"one looks like {EXAMPLE}") from None
    if wire.info.server_version < OLDEST_SERVER:
        version, least = wire.info.server_version // 10_000, OLDEST_SERVER // 10_000
        wire.close()
        raise Unfit(f"the server is PostgreSQL {version}; {least} or newer is needed", "upgrade the server")
    return wire


def _sslmode(url: str) -> str | None:
    """Return what the URL leaves open about encryption; libpq would go on without. Raises `ProgrammingError`."""
    given = {name: os.environ.get(variable) for name, variable in ELSEWHERE.items()} | conninfo_to_dict(url)
    hosts = f"{given['host'] or ''},{given['hostaddr'] or ''}".split(",")
    is_near = all(not host or host.startswith(("/", "@")) or host in LOOPBACK for host in hosts)
    is_told = given["sslmode"] or (is_near and not given["service"])  # a service's file may name any host
    return None if is_told else "require"
