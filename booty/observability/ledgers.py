"""Which ledger the settings call for: a file, or a database of several machines."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from booty.observability.config import Settings
from booty.observability.config_errors import Fault, InvalidSettings
from booty.observability.ledger.engines.engine import Engine
from booty.observability.ledger.engines.ports.store import Store
from booty.observability.ledger.engines.postgres.budget import LONG_SECONDS
from booty.observability.ledger.engines.postgres.connection.known import Known
from booty.observability.ledger.engines.postgres.leaving import moved_file, require_moved
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.engines.sqlite_store import SqliteStore
from booty.observability.text.sealed import Secret

REMEDY = "set it; or, to begin with an empty ledger, take that file out of the state directory"
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

    return PostgresEngine(
        settings.ledger_url.reveal(),
        release=settings.sentry_release,
        patience=LONG_SECONDS,
        require=partial(require_moved, settings.state_dir),
        known=Known(settings.state_dir),
    )


def store_for(directory: Path, url: str | None, *, patience: float | None = None) -> Store:
    """Return the store as the operator sees it: that of the database at `url`, else of the file in `directory`.

    `patience` is how long the database may take, in seconds; None: as long as a command may wait.
    """
    if url is None:
        return SqliteStore(directory)
    from booty.observability.ledger.engines.postgres.store import LOOK_SECONDS, PostgresStore  # noqa: PLC0415 - as above

    return PostgresStore(url, directory=directory, patience=patience or LOOK_SECONDS)


def require_ledger(settings: Settings) -> None:
    """Return when a service may start with its ledger. Raises `InvalidSettings`."""
    fault = _fault_without(settings) if settings.ledger_url is None else _fault_of(settings, settings.ledger_url)
    if fault is not None:
        raise InvalidSettings((fault,), settings.unknown_names)


def _fault_without(settings: Settings) -> Fault | None:
    """Return why there must be a database: another ledger would know nothing, and file everything anew."""
    if settings.candidate or (kept := moved_file(settings.state_dir)) is None:
        return None
    return Fault("BOOTY_LEDGER_URL", f"is not set, but the ledger was moved to a database, from {kept}", REMEDY)


def _fault_of(settings: Settings, url: Secret) -> Fault | None:
    from booty.observability.ledger.engines.postgres.connection.start import fault_of  # noqa: PLC0415 - as above

    return fault_of(url.reveal(), known=Known(settings.state_dir))
