"""The webhook's door where the ledger is a database: what it cannot take now waits on this machine's disk.

Guarantee: an alert that was accepted is in the ledger or in the spool, on disk, and leaves the spool only when the
ledger has it. A claim whose commit was cut off may have been stored: the alert waits all the same, and its event counts
once.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from booty.observability.alerts.filters import Verdict
from booty.observability.alerts.occurrence import Occurrence
from booty.observability.alerts.routing.destination import HERE, Destination
from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.arrivals import Judge
from booty.observability.ledger.claims import Claims
from booty.observability.ledger.engines.engine import Engine, NotStored
from booty.observability.ledger.engines.postgres.budget import one_budget
from booty.observability.ledger.repositories.destinations import stored
from booty.observability.ledger.spool.spool import Spool
from booty.observability.ledger.watch.vitals import Vitals

log = logging.getLogger(__name__)

RECEIVED, TOLD = "received_at", "told"
"""When it came; what its route says of the terms, as the journal is told of it."""


class SpoolingClaims(Claims):
    """The door to one ledger, with a spool before it. Every method raises `NotStored`: where the disk fails, too."""

    def __init__(
        self, engine: Engine, spool: Spool, *, keep_seconds: float, is_masked: bool = True, repository: str = ""
    ) -> None:
        """Keep in `spool` what the ledger cannot take; the rest is described at `Claims`."""
        super().__init__(engine, keep_seconds=keep_seconds, is_masked=is_masked, repository=repository)
        self.spool = spool

    def claim(self, alert: Occurrence, decide: Judge, *, destination: Destination = HERE, now: float) -> Verdict:
        """See `Claims`; an alert that has to wait is accepted, and judged later."""
        try:
            with one_budget():
                return super().claim(alert, decide, destination=destination, now=now)
        except NotStored as error:
            told = {TOLD: dict(destination.told)} | stored(destination)
            self.spool.keep({"alert": self._kept(alert.whole), RECEIVED: now} | told, now=now)
            _tell(alert.fingerprint, error)
            return Verdict.ACCEPTED

    def record_status_change(self, change: StatusChange, *, now: float) -> bool:
        """See `Claims`; while anything waits the change does, too, since it may be about just that."""
        try:
            if not self.spool.standing().count:
                with one_budget():
                    return super().record_status_change(change, now=now)
            reason: object = "something before it waits"
        except NotStored as error:
            reason = error
        self.spool.keep({"news": self._kept(change), RECEIVED: now}, now=now)
        _tell(change.fingerprint, reason)
        return True

    def note(
        self, alert: Occurrence, verdict: Verdict, *, destination: Destination = HERE, threshold: str = "", now: float
    ) -> None:
        """See `Claims`."""
        with one_budget():
            super().note(alert, verdict, destination=destination, threshold=threshold, now=now)

    def check(self, *, now: float) -> Vitals:
        """See `Claims`; without its database the spool has to do."""
        try:
            with one_budget():
                vitals, is_away = super().check(now=now), False
        except NotStored:
            self.spool.prove()
            vitals, is_away = Vitals(), True
        return replace(vitals, spool=replace(self.spool.standing(), is_away=is_away))

    def claim_waiting(self, alert: Occurrence, decide: Judge, *, destination: Destination, now: float) -> None:
        """Claim what waited since `now`; not stored, it waits on."""
        super().claim(alert, decide, destination=destination, now=now)

    def record_waiting(self, change: StatusChange, *, now: float) -> None:
        """Record a status change that waited since `now`; not stored, it waits on."""
        super().record_status_change(change, now=now)


def _tell(fingerprint: str, reason: object) -> None:
    log.warning("alert_spooled", extra={"fingerprint": fingerprint, "reason": str(reason)})
