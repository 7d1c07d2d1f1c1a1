"""Sentry is asked when it saw a problem."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.sentry_events import PROJECT
from support.sentry_stand_in import Fault, SentryStandIn

from booty.observability.alerts.problem import Seen
from booty.observability.sentry.api.client import SentryApi, SentryTrouble
from booty.observability.sentry.api.sightings import SentrySightings

NOW = 1_800_000_000.0


@pytest.fixture
def sentry() -> Iterator[SentryStandIn]:
    with SentryStandIn() as stand_in:
        yield stand_in


def sightings(sentry: SentryStandIn) -> SentrySightings:
    return SentrySightings(SentryApi(sentry.api_url, "acme", sentry.environ["SENTRY_AUTH_TOKEN"]))


def test_tells_the_first_and_the_last_event_of_a_problem(sentry: SentryStandIn) -> None:
    sentry.see(1, first=NOW, last=NOW + 60)

    assert sightings(sentry).of(f"{PROJECT}:1") == Seen(NOW, NOW + 60)


@pytest.mark.parametrize("fingerprint", ["metric:12", f"{PROJECT}:0cc175b9c0f1b6a831c399e269772661", "1:2:3"])
def test_asks_nothing_of_what_is_no_issue_of_sentrys(sentry: SentryStandIn, fingerprint: str) -> None:
    assert sightings(sentry).of(fingerprint) == Seen()
    assert sentry.calls == []


@pytest.mark.parametrize("body", [b"[]", b"<html>", b'{"firstSeen": 1, "lastSeen": null}'])
def test_an_answer_without_sense_tells_nothing(sentry: SentryStandIn, body: bytes) -> None:
    sentry.fail(Fault(200, body=body), method="GET")

    assert sightings(sentry).of(f"{PROJECT}:1").last is None


def test_a_sentry_that_fails_is_trouble(sentry: SentryStandIn) -> None:
    sentry.fail(Fault(503), method="GET")

    with pytest.raises(SentryTrouble):
        sightings(sentry).of(f"{PROJECT}:1")
