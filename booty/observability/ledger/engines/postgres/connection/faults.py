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


class Faults:
    """The faults of one database: each is logged once, until it is over."""

    def __init__(self) -> None:
        """Have none yet."""
        self._told = ""

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Raise a fault in the words of the port. Raises `NotStored`."""
        try:
            yield
        except (psycopg.Error, NewerLedger, Unfit) as error:
            reason = " ".join(str(error).split())
            if reason != self._told:
                self._told = reason
                log.error("not_stored", extra={"reason": reason})  # noqa: TRY400 - no bug of ours, no traceback
            raise NotStored(reason) from error
        self._told = ""
