"""The metrics as Prometheus reads them.

No label holds a fingerprint, a title or a project: only words of our own, each of them known beforehand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import get_args

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

import booty
from booty.observability.ledger.engines.engine import NotStored
from booty.observability.ledger.schedule.hold_up import HoldUp
from booty.observability.ledger.spool.standing import Spooled
from booty.observability.ledger.watch.counters import Reading

OUTCOMES = {
    "webhooks": (
        *("accepted", "cooldown", "below_severity", "not_handled", "no_route", "ok"),
        *("invalid_signature", "invalid_payload", "broken_body", "too_large", "not_stored", "failed"),
    ),
    "deliveries": ("filed", "updated", "postponed", "refused", "stopped"),
}
HELP = {
    "webhooks": "Webhooks by their answer",
    "deliveries": "Attempts at deliveries by their outcome",
}


class LedgerCollector(Collector):
    """Reads the ledger once a scrape."""

    def __init__(
        self, read: Callable[[], Reading], *, release: str | None, spooled: Callable[[], Spooled] | None = None
    ) -> None:
        """Take how the ledger is read, and this machine's spool, if it has one. Either may raise `NotStored`."""
        self._read = read
        self._spooled = spooled
        self._release = release

    def collect(self) -> Iterator[Metric]:
        """Yield every metric; of a ledger that cannot be used, no more than that."""
        yield InfoMetricFamily(
            "booty", "The service", value={"version": booty.__version__, "release": self._release or ""}
        )
        if self._spooled is not None:
            yield from _spool(self._spooled)
        try:
            reading = self._read()
        except NotStored:
            yield _gauge("booty_ledger_usable", "1 while the ledger can be written to", 0)
            return
        yield _gauge("booty_ledger_usable", "1 while the ledger can be written to", 1)
        yield from _counters(reading)
        yield from _gauges(reading)


def exposition(collector: LedgerCollector, accept: str) -> tuple[str, bytes]:
    """Return the metrics in a form that the caller accepts, with its media type."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(collector)
    encode, media_type = choose_encoder(accept)
    return media_type, encode(registry)


def _counters(reading: Reading) -> Iterator[Metric]:
    for kind, outcomes in OUTCOMES.items():
        family = CounterMetricFamily(f"booty_{kind}", HELP[kind], labels=["outcome"])
        for outcome in outcomes:
            family.add_metric([outcome], reading.counts.get(f"{kind}/{outcome}", 0))
        yield family


def _gauges(reading: Reading) -> Iterator[Metric]:
    yield _gauge("booty_owed", "Deliveries that are owed", reading.owed)
    yield _gauge("booty_refused", "Alerts that GitHub refused, kept for booty retry", reading.refused)
    yield _gauge("booty_storm_problems", "Problems that share the issue of a storm that goes on", reading.in_storms)
    yield _gauge("booty_oldest_owed_timestamp_seconds", "Since when the oldest is owed", reading.vitals.oldest_at)
    held_up = GaugeMetricFamily("booty_held_up", "1 for what holds deliveries up", labels=["by"])
    for word in get_args(HoldUp):
        held_up.add_metric([word], float(reading.vitals.hold_up == word))
    yield held_up
    yield _gauge("booty_last_webhook_timestamp_seconds", "When Sentry sent something last", reading.heard_at)
    yield _gauge("booty_token_end_timestamp_seconds", "When the token for GitHub ends", reading.expires_at)
    yield _gauge("booty_ledger_free_bytes", "Room that is left for the ledger", reading.free_bytes)


def _spool(spooled: Callable[[], Spooled]) -> Iterator[Metric]:
    with suppress(NotStored):
        standing = spooled()
        yield _gauge("booty_spooled", "What waits on this machine's disk for the ledger's database", standing.count)
        since = "Since when the oldest of it waits"
        yield _gauge("booty_oldest_spooled_timestamp_seconds", since, standing.since)


def _gauge(name: str, meaning: str, value: float | None) -> Metric:
    """Return a metric of one value; of none, where nothing is known."""
    family = GaugeMetricFamily(name, meaning)
    if value is not None:
        family.add_metric([], value)
    return family
