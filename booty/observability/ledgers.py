"""Which ledger the settings call for: a file, or a database of several machines."""

from __future__ import annotations

from pathlib import Path

from booty.observability.config import Settings
from booty.observability.config_errors import InvalidSettings
from booty.observability.ledger.engines.engine import Engine, Store
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.engines.sqlite_store import SqliteStore
from booty.observability.ledger.spool.spool import NAME as SPOOL

PAGE_SECONDS = 2.0
"""How long a look at the page waits for a database; it takes a thread that alerts need."""


def is_shared(settings: Settings) -> bool:
    """Return whether the ledger is a database; a release on trial has a file of its own: nobody delivers from it."""
    return settings.ledger_url is not None and not settings.candidate


def engine_for(settings: Settings) -> Engine:
    """Return the engine; nothing is opened yet."""
    if not is_shared(settings) or settings.ledger_url is None:
        return SqliteEngine(settings.state_dir, release=settings.sentry_release)
    from booty.observability.ledger.engines.postgres.engine import PostgresEngine  # noqa: PLC0415 - its driver too

    return PostgresEngine(settings.ledger_url.get_secret_value(), release=settings.sentry_release)


def store_for(directory: Path, url: str | None, *, patience: float | None = None) -> Store:
    """Return the store as the operator sees it: that of the database at `url`, else of the file in `directory`.

    `patience` is how long the database may take, in seconds; None: as long as a command may wait.
    """
    if url is None:
        return SqliteStore(directory)
    from booty.observability.ledger.engines.postgres.store import LOOK_SECONDS, PostgresStore  # noqa: PLC0415 - as above

    return PostgresStore(url, spool=directory / SPOOL, patience=patience or LOOK_SECONDS)


def require_ledger(settings: Settings) -> None:
    """Return when a service may start with its ledger. Raises `InvalidSettings`."""
    if settings.ledger_url is None:
        return
    from booty.observability.ledger.engines.postgres.connection.start import fault_of  # noqa: PLC0415 - as above

    if (fault := fault_of(settings.ledger_url.get_secret_value())) is not None:
        raise InvalidSettings((fault,), settings.unknown_names)
