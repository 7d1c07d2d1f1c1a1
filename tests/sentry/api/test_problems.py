"""What Sentry knows of problems: listed page by page, each with the alert that a webhook would have brought."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.sentry_events import PROJECT, body_of
from support.sentry_stand_in import Fault, SentryStandIn

from booty.observability.alerts.listed_problem import ListedProblem
from booty.observability.alerts.severity import Severity
from booty.observability.sentry.api.client import Denied, SentryApi, SentryTrouble
from booty.observability.sentry.api.problems import SentryProblems
from booty.observability.sentry.payload import parse

NOW = 1_800_000_000.0


@pytest.fixture
def sentry() -> Iterator[SentryStandIn]:
    with SentryStandIn() as stand_in:
        yield stand_in


def problems(sentry: SentryStandIn, *, with_locals: bool = False) -> SentryProblems:
    return SentryProblems(
        SentryApi(sentry.api_url, "acme", sentry.environ["SENTRY_AUTH_TOKEN"]), with_locals=with_locals
    )


def listed(sentry: SentryStandIn, since: float = NOW) -> list[ListedProblem]:
    return [each for page in problems(sentry).seen_since(since) for each in page]


def only(sentry: SentryStandIn) -> ListedProblem:
    sentry.see(1, first=NOW, level="fatal")
    [found] = listed(sentry)
    return found


def test_a_problem_has_the_alert_that_its_webhook_would_have_brought(sentry: SentryStandIn) -> None:
    found = problems(sentry).alert_of(only(sentry))
    brought = parse(body_of(sentry.webhook(1)), "event_alert")

    changed = {"is_reconciled": True, "project": "booty", "rule": None}
    assert found == brought.but(**changed)
    assert found.fingerprint == f"{PROJECT}:1"


def test_what_is_new_and_what_came_back_is_listed_over_all_pages(sentry: SentryStandIn) -> None:
    sentry.page_size = 2
    for number in (1, 2, 3, 4, 5):
        sentry.see(number, first=NOW + number)
    sentry.see(6, first=NOW - 9e6, last=NOW - 1)
    sentry.see(7, first=NOW - 9e6, regressed=NOW + 7)
    sentry.see(8, first=NOW + 8)
    sentry.problems["8"]["status"] = "resolved"

    found = listed(sentry)

    assert [each.number for each in found] == ["5", "4", "3", "2", "1", "7"]
    assert [each.number for each in found if each.is_back] == ["7"]
    assert [each.seen_at - NOW for each in found] == [5, 4, 3, 2, 1, 7]


def test_a_row_alone_makes_an_alert_that_says_what_it_lacks(sentry: SentryStandIn) -> None:
    found = only(sentry).alert

    assert (found.fingerprint, found.severity, found.project) == (f"{PROJECT}:1", Severity.FATAL, "booty")
    assert (found.raised[0].type, found.raised[0].frames[0].path) == ("KeyError", "shop/cart.py")
    assert found.sentry_url == "https://acme.sentry.io/issues/1/"
    assert (found.is_reconciled, found.lacks_event) == (True, True)


def test_a_row_of_another_category_keeps_it(sentry: SentryStandIn) -> None:
    sentry.see(1, first=NOW, level="info")
    sentry.problems["1"] |= {"issueCategory": "performance", "title": "N+1 Query"}

    assert (listed(sentry)[0].alert.category, listed(sentry)[0].alert.detected) == ("performance", "N+1 Query")


def test_nothing_in_a_row_breaks_the_list(sentry: SentryStandIn) -> None:
    sentry.see(1, first=NOW)
    sentry.see(2, first=NOW)
    sentry.problems["2"] |= {"title": 7, "level": [], "metadata": None, "permalink": {}, "project": {"id": 5}}
    sentry.see(3, first=NOW)
    sentry.problems["3"] |= {"id": "../../7"}

    assert {each.number for each in listed(sentry)} == {"1", "2"}


def test_when_it_came_back_is_what_sentry_says_of_it(sentry: SentryStandIn) -> None:
    sentry.see(1, first=NOW - 9e6, last=NOW + 60, regressed=NOW + 5)
    [found] = listed(sentry)

    assert problems(sentry).came_back_at(found) == NOW + 5
    sentry.has_activity = False
    assert problems(sentry).came_back_at(found) is None


def test_an_event_that_makes_no_sense_leaves_the_rows_alert(sentry: SentryStandIn) -> None:
    found = only(sentry)
    sentry.fail(Fault(200, {}, b'"no event"'), method="GET", path="/json/")

    assert problems(sentry).alert_of(found) == found.alert


ODD = rb'{"message":"a \ud800","level":"fatal","extra":[NaN,1e999,%s]}' % (b"9" * 400)


def test_what_only_python_reads_is_read_in_an_event_and_in_the_list(sentry: SentryStandIn) -> None:
    found = only(sentry)
    sentry.fail(Fault(200, {}, ODD), method="GET", path="/json/")
    alert = problems(sentry).alert_of(found)

    assert (alert.message, alert.severity, alert.fingerprint) == ("a ?", "fatal", found.alert.fingerprint)

    sentry.fail(Fault(200, {}, b"[%s]" % ODD), method="GET")
    assert listed(sentry) == []


def test_the_events_own_names_of_its_problem_do_not_count(sentry: SentryStandIn) -> None:
    found = only(sentry)
    sentry.events["1"] |= {"issue_id": "666", "project": 5}

    assert problems(sentry).alert_of(found).fingerprint == f"{PROJECT}:1"


def test_says_that_the_json_of_an_event_may_not_be_read(sentry: SentryStandIn) -> None:
    sentry.scopes = frozenset({"event:read"})

    with pytest.raises(Denied, match="403") as refusal:
        problems(sentry).alert_of(only(sentry))
    assert "'Project: Read'" in str(refusal.value.remedy)


def test_a_page_that_is_none_of_sentrys_is_trouble(sentry: SentryStandIn) -> None:
    sentry.fail(Fault(200, {}, b"<html>"), method="GET")

    with pytest.raises(SentryTrouble, match="not Sentry"):
        listed(sentry)
