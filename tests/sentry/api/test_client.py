"""One call to Sentry's web API: what each kind of answer means."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.sentry_stand_in import Fault, SentryStandIn, limited

from booty.observability.sentry.api.client import READ_EVENTS, Absent, Denied, SentryApi, SentryTrouble
from booty.observability.sentry.api.resolving import SentryResolver

ISSUES = "/organizations/acme/issues/"


@pytest.fixture
def sentry() -> Iterator[SentryStandIn]:
    with SentryStandIn() as stand_in:
        yield stand_in


def api(sentry: SentryStandIn, token: str | None = None) -> SentryApi:
    return SentryApi(sentry.api_url, "acme", token or sentry.environ["SENTRY_AUTH_TOKEN"])


def trouble(sentry: SentryStandIn, path: str = ISSUES, *, token: str | None = None) -> SentryTrouble:
    with pytest.raises(SentryTrouble) as raised:
        api(sentry, token).call("GET", path, permission=READ_EVENTS)
    return raised.value


def test_returns_what_sentry_answers(sentry: SentryStandIn) -> None:
    assert api(sentry).call("GET", ISSUES, permission=READ_EVENTS).body == b"[]"


def test_names_the_permission_that_a_token_lacks(sentry: SentryStandIn) -> None:
    sentry.scopes = frozenset({"org:read"})
    found = trouble(sentry)

    assert isinstance(found, Denied)
    assert found.is_permanent
    assert found.remedy == "give the integration of SENTRY_AUTH_TOKEN the permission 'Issue & Event: Read'"


def test_says_of_an_unknown_token_where_to_get_one(sentry: SentryStandIn) -> None:
    assert "set SENTRY_AUTH_TOKEN" in str(trouble(sentry, token="another").remedy)


def test_what_is_not_there_is_absent(sentry: SentryStandIn) -> None:
    assert isinstance(trouble(sentry, f"{ISSUES}7/"), Absent)


def test_waits_for_as_long_as_sentry_limits_the_rate(sentry: SentryStandIn) -> None:
    sentry.fail(limited(resets_in=40), method="GET", times=1)
    found = trouble(sentry)

    assert not found.is_permanent
    assert found.pause_seconds is not None
    assert 30 < found.pause_seconds < 45


@pytest.mark.parametrize("fault", [Fault(502), Fault(manner="drop")], ids=["502", "no answer"])
def test_an_outage_is_no_refusal(sentry: SentryStandIn, fault: Fault) -> None:
    sentry.fail(fault, method="GET", times=1)

    assert not trouble(sentry).is_permanent


def test_a_token_is_in_no_text_about_the_api(sentry: SentryStandIn) -> None:
    assert "sntryu" not in repr(api(sentry))


def test_resolves_a_problem_in_the_next_release(sentry: SentryStandIn) -> None:
    sentry.see(7, first=0)
    SentryResolver(api(sentry)).resolve("7")

    assert sentry.problems["7"]["statusDetails"] == {"inNextRelease": True}
