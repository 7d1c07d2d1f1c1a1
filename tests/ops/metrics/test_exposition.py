"""The metrics in Prometheus's own form."""

from __future__ import annotations

import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from booty.observability.ledger.engines.engine import NotStored
from booty.observability.ledger.watch.counters import Reading
from booty.observability.ledger.watch.vitals import Vitals
from booty.observability.ops.metrics.exposition import OUTCOMES, LedgerCollector, exposition

NOW = 1_800_000_000.0
HOSTILE = 'webhooks/1:42"} 1\n# HELP acme/shop'


def reading(**changes: object) -> Reading:
    known: dict[str, object] = {
        "counts": {"webhooks/accepted": 7, "deliveries/filed": 6, HOSTILE: 3},
        "vitals": Vitals(hold_up="paused", oldest_at=NOW - 60),
        "owed": 1,
        "refused": 2,
        "heard_at": NOW,
        "expires_at": NOW + 5,
        "free_bytes": 9,
    }
    return Reading(**(known | changes))  # type: ignore[arg-type]  # its own fields


def samples(read: Reading | NotStored) -> dict[str, float]:
    def given() -> Reading:
        if isinstance(read, NotStored):
            raise read
        return read

    _, text = exposition(LedgerCollector(given, release="booty@1"), "")
    families = list(text_string_to_metric_families(text.decode()))
    return {
        f"{sample.name}{[*sample.labels.values()] or ''}": sample.value
        for family in families
        for sample in family.samples
    }


def test_says_what_was_counted_and_how_it_stands() -> None:
    told = samples(reading())

    assert told["booty_webhooks_total['accepted']"] == 7
    assert told["booty_webhooks_total['cooldown']"] == 0
    assert told["booty_deliveries_total['filed']"] == 6
    assert (told["booty_owed"], told["booty_refused"], told["booty_ledger_usable"]) == (1, 2, 1)
    assert told["booty_oldest_owed_timestamp_seconds"] == NOW - 60
    assert (told["booty_held_up['paused']"], told["booty_held_up['stopped']"]) == (1, 0)
    assert told["booty_last_webhook_timestamp_seconds"] == NOW
    assert told["booty_token_end_timestamp_seconds"] == NOW + 5


def test_what_is_not_known_is_left_out() -> None:
    told = samples(reading(heard_at=None, expires_at=None, free_bytes=None, vitals=Vitals()))

    assert not [name for name in told if "timestamp" in name or "free" in name]


def test_a_ledger_that_cannot_be_used_is_said_and_nothing_more() -> None:
    told = samples(NotStored("no space in /var/lib/acme"))

    assert told == {"booty_info['booty@1', '1.0.0']": 1, "booty_ledger_usable": 0} | {
        name: value for name, value in told.items() if name.startswith("booty_info")
    }


def test_a_label_is_a_word_of_ours_whatever_was_counted() -> None:
    words = {*OUTCOMES["webhooks"], *OUTCOMES["deliveries"], "stopped", "paused", "late", "failing"}
    labels = re.findall(r"\['([^']*)'\]", " ".join(samples(reading())))

    assert set(labels) <= words


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "text/plain"),
        ("application/openmetrics-text; version=1.0.0", "application/openmetrics-text"),
        ("text/html, */*", "text/plain"),
    ],
)
def test_answers_in_the_form_that_is_asked_for(accept: str, media_type: str) -> None:
    assert exposition(LedgerCollector(reading, release=None), accept)[0].startswith(media_type)
