"""A database's faults, in the words of the port."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from booty.observability.ledger.engines.engine import NotStored
from booty.observability.ledger.engines.postgres.connection.unfit import Unfit
from booty.observability.ledger.engines.version import NewerLedger

log = logging.getLogger(__name__)


@contextmanager
def translated() -> Iterator[None]:
    """Log and translate the faults of a database. Raises `NotStored`."""
    try:
        yield
    except (psycopg.Error, NewerLedger, Unfit) as error:
        reason = str(error).strip()
        log.error("not_stored", extra={"reason": reason})  # noqa: TRY400 - no bug of ours, no traceback
        raise NotStored(reason) from error
