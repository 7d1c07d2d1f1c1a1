"""The loop that brings what waits in the spool into the ledger, once that is back.

One process of a machine does so at a time. What came first goes first, each at its own time of receipt; killed between
two steps, it is claimed once more, and its event counts once.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import History, Policy, Verdict, decide
from booty.observability.alerts.keeping.value import Unreadable
from booty.observability.alerts.routing.way import Routing
from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.engines.records import Record
from booty.observability.ledger.repositories.destinations import KEY, destination_in
from booty.observability.ledger.spool.claims import RECEIVED, TOLD, SpoolingClaims
from booty.observability.ledger.steady_loop import SteadyLoop

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
STOP_SECONDS = 5.0


class Emptying(SteadyLoop):
    """One in every worker; at a stop it finishes the one that is under way."""

    def __init__(
        self,
        claims: SpoolingClaims,
        routing: Routing,
        *,
        on_claim: Callable[[], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Prepare. `on_claim` is called when something has left the spool; `clock` tells unix seconds."""
        super().__init__("spool", seconds=LOOK_SECONDS, failed="spool_failed", stop_seconds=STOP_SECONDS)
        self._spool = claims.spool
        self._claims = claims
        self._routing = routing
        self._on_claim = on_claim
        self._clock = clock

    def turn(self) -> None:
        """Empty the spool. Raises `NotStored`, `OSError`."""
        if number := self.step():
            self._spool.tidy()
            log.info("spool_emptied", extra={"number": number})

    def step(self) -> int:
        """Bring all that waits into the ledger; return how many. Raises `NotStored`, `OSError`."""
        number = 0
        if self._spool.waiting():
            with self._spool.alone() as is_alone:
                while is_alone and (waiting := self._spool.waiting()) and not self._is_stopping.is_set():
                    for key, record in waiting:
                        self._bring(key, record)
                    number += len(waiting)
                    self._on_claim()
        return number

    def _bring(self, key: str, record: Record) -> None:
        try:
            self._claim(record)
        except (Unreadable, KeyError, TypeError) as error:
            kind = type(error).__name__
            log.error("record_unreadable", extra={"key": key, "fault": kind})  # noqa: TRY400 - its words hold stored text
            self._spool.drop(key, broken=record)
        else:
            self._spool.drop(key)

    def _claim(self, record: Record) -> None:
        now = min(float(record[RECEIVED]), self._clock())  # it may have waited for this very clock to be put right
        if "news" in record:
            self._claims.record_waiting(StatusChange.read(record["news"]), now=now)
            return
        alert = Alert.read(record["alert"])
        repository = record.get(KEY, {}).get("repository")
        destination = destination_in(record.get(KEY, {}), repository=repository and repository.lower())
        destination = replace(destination, told=record.get(TOLD, {}))
        judge = partial(_judged, alert, self._terms(alert, record), now)
        self._claims.claim_waiting(alert, judge, destination=destination, now=now)

    def _terms(self, alert: Alert, record: Record) -> Policy:
        """Return those of the route that the alert had when it came, for which it was severe enough.

        The secret that signed it may have had a part in that, so only what an older release kept is routed anew.
        """
        policy = self._routing.policy if TOLD in record else self._routing.way_of(alert).policy
        hours = record.get(TOLD, {}).get("cooldown_hours")
        seconds = policy.cooldown_seconds if hours is None else 3600.0 * hours
        return replace(policy, cooldown_seconds=seconds, min_severity=alert.severity, min_severity_of={})


def _judged(alert: Alert, policy: Policy, now: float, history: History | None) -> Verdict:
    return decide(alert, policy, history, now)
