"""The stand-in for Sentry's API answers and refuses as Sentry does, where our tests lean on it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from support.sentry_stand_in import APP, INSTALLATION, ORG, SCOPES, TOKEN, SentryStandIn, limited

from booty.observability.exchange import Answer, fetch
from booty.observability.sentry.payload import parse

NOW = 1_800_000_000.0


@pytest.fixture
def sentry() -> Iterator[SentryStandIn]:
    with SentryStandIn() as stand_in:
        yield stand_in


def ask(sentry: SentryStandIn, path: str, *, token: str = TOKEN, **params: object) -> Answer:
    return fetch("GET", f"{sentry.api_url}{path}", token=token, params=params)


def ids(answer: Answer) -> list[str]:
    return [each["id"] for each in json.loads(answer.body)]


def test_lists_the_problems_that_a_query_means_page_by_page(sentry: SentryStandIn) -> None:
    sentry.page_size = 2
    for number in (1, 2, 3, 4):
        sentry.see(number, first=NOW + number)
    query = {"query": "is:unresolved firstSeen:>=2027-01-15T08:00:02", "sort": "new"}

    first = ask(sentry, f"{ORG}/issues/", **query)
    second = ask(sentry, f"{ORG}/issues/", cursor="0:2:0", **query)

    assert (ids(first), ids(second)) == (["4", "3"], ["2"])
    assert 'rel="next"; results="true"; cursor="0:2:0"' in first.headers["Link"]
    assert 'rel="next"; results="false"' in second.headers["Link"]
    assert ask(sentry, f"{ORG}/issues/", query="bogus").status == 400


def test_tells_what_came_back_and_its_last_event_as_a_webhook_has_it(sentry: SentryStandIn) -> None:
    sentry.see(1, first=NOW)
    event = sentry.see(2, first=NOW - 86400, regressed=NOW)

    assert ids(ask(sentry, f"{ORG}/issues/", query="is:regressed")) == ["2"]
    assert json.loads(ask(sentry, f"{ORG}/issues/2/events/latest/").body)["eventID"] == event
    assert ask(sentry, f"/api/0/projects/acme/booty/events/{event}/json/").status == 200
    assert parse(json.dumps(sentry.webhook(2)).encode(), "event_alert").event == event


def test_refuses_another_token_and_a_scope_that_is_missing(sentry: SentryStandIn) -> None:
    assert ask(sentry, f"{ORG}/issues/", token="another").status == 401
    sentry.scopes = SCOPES - {"org:read"}
    assert ask(sentry, f"{ORG}/sentry-app-installations/").status == 403


def test_limits_the_rate_until_it_says(sentry: SentryStandIn) -> None:
    sentry.fail(limited(), method="GET", path="/issues/", times=1)

    answer = ask(sentry, f"{ORG}/issues/")

    assert (answer.status, answer.headers["X-Sentry-Rate-Limit-Remaining"]) == (429, "0")
    assert ask(sentry, f"{ORG}/issues/").status == 200


def test_shows_its_integration_and_keeps_one_link_for_a_problem(sentry: SentryStandIn) -> None:
    sentry.see(1, first=NOW)
    assert json.loads(ask(sentry, f"{ORG}/sentry-app-installations/").body)[0]["uuid"] == INSTALLATION
    assert json.loads(ask(sentry, f"/api/0/sentry-apps/{APP}/").body)["webhookUrl"].startswith("https://")

    for number in ("7", "8"):
        link = {"issueId": 1, "webUrl": f"https://github.com/acme/shop/issues/{number}"}
        url = f"{sentry.api_url}/api/0/sentry-app-installations/{INSTALLATION}/external-issues/"
        fetch("POST", url, token=TOKEN, json=link | {"project": "acme/shop", "identifier": number})

    assert sentry.links["1"]["displayName"] == "acme/shop#8"
