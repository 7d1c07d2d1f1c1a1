"""Sentry's page of a problem shows the issue that it has: soon, again and again for a day, never in an issue's way."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.alerts import alert
from support.ledger_doors import KEEP_SECONDS
from support.sentry_events import PROJECT
from support.sentry_stand_in import INSTALLATION, Fault, SentryStandIn, limited

from booty.observability.alerts.filters import Verdict
from booty.observability.alerts.issue import IssueRef
from booty.observability.alerts.routing.destination import Destination
from booty.observability.delivery.with_sentry.linking import Linking
from booty.observability.ledger.claims import Claims
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.queue import Queue
from booty.observability.ledger.repositories.home import Home
from booty.observability.ledger.schedule.jobs import FilingJob
from booty.observability.ledger.with_sentry.installation import Installation
from booty.observability.ledger.with_sentry.link_book import LinkBook
from booty.observability.sentry.api.client import SentryApi
from booty.observability.sentry.api.links import SentryLinks

NOW = 1_800_000_000.0
HOUR = 3600.0


class Desk:
    """One ledger that files issues, with who links them."""

    def __init__(self, directory: Path, sentry: SentryStandIn) -> None:
        self.sentry = sentry
        self.now = NOW
        self.engine = SqliteEngine(directory)
        self.claims = Claims(self.engine, keep_seconds=KEEP_SECONDS)
        self.queue = Queue(self.engine, keep_seconds=KEEP_SECONDS, is_linking=True)
        self.installation = Installation(self.engine)
        self.linking = self.worker()

    def worker(self) -> Linking:
        api = SentryApi(self.sentry.api_url, "acme", self.sentry.environ["SENTRY_AUTH_TOKEN"])
        links = SentryLinks(api, repository="acme/shop")
        return Linking(LinkBook(self.engine), self.installation, links, clock=lambda: self.now)

    def file(
        self, problem: int, issue: int, *, is_adopted: bool = False, repository: str = "acme/shop", **more: object
    ) -> None:
        known = {"fingerprint": f"{PROJECT}:{problem}", "event": f"e{issue}"} | more
        self.claims.claim(alert(**known), lambda _: Verdict.ACCEPTED, now=self.now)
        self.now += 2
        job = self.queue.take(now=self.now)
        assert isinstance(job, FilingJob)
        ref = IssueRef(issue, f"https://github.com/{repository}/issues/{issue}")
        if is_adopted:
            self.queue.adopt(job, ref, now=self.now)
        else:
            self.queue.settle(job, ref, now=self.now)

    @property
    def shown(self) -> dict[str, str]:
        return {problem: link["displayName"] for problem, link in self.sentry.links.items()}

    def posts(self) -> int:
        return sum(1 for call in self.sentry.calls if call.method == "POST")


@pytest.fixture
def sentry() -> Iterator[SentryStandIn]:
    with SentryStandIn() as stand_in:
        for number in (1, 2, 3):
            stand_in.see(number, first=NOW)
        yield stand_in


@pytest.fixture
def desk(tmp_path: Path, sentry: SentryStandIn) -> Desk:
    one = Desk(tmp_path, sentry)
    one.installation.hear(INSTALLATION)
    return one


def test_shows_the_issue_that_was_filed_once(desk: Desk) -> None:
    desk.file(1, 12)
    desk.linking.cycle()
    desk.linking.cycle()

    assert desk.shown == {"1": "acme/shop#12"}
    assert desk.sentry.links["1"]["webUrl"] == "https://github.com/acme/shop/issues/12"
    assert desk.posts() == 1


def test_shows_in_which_repository_the_issue_is(desk: Desk) -> None:
    desk.file(1, 12, repository="acme/cart")
    desk.linking.cycle()

    assert desk.shown == {"1": "acme/cart#12"}


@pytest.mark.parametrize("url", ["https://github.com/acme/cart/issues/12", "", "https://github.com/acme/cart/pull/12"])
def test_shows_in_which_repository_the_issue_is_that_a_route_sent_elsewhere(desk: Desk, url: str) -> None:
    """Whether or not its address says so."""
    desk.queue = Queue(desk.engine, keep_seconds=KEEP_SECONDS, is_linking=True, home=Home("acme/shop"))
    claims = Claims(desk.engine, keep_seconds=KEEP_SECONDS, repository="acme/shop")
    one, to = alert(fingerprint=f"{PROJECT}:1", event="e1"), Destination("acme/cart")
    claims.claim(one, lambda _: Verdict.ACCEPTED, destination=to, now=desk.now)
    job = desk.queue.take(now=desk.now + 2)
    assert isinstance(job, FilingJob)
    desk.queue.settle(job, IssueRef(12, url), now=desk.now + 2)
    desk.now += 3
    desk.linking.cycle()

    assert desk.shown == {"1": "acme/cart#12"}


def test_shows_an_issue_that_was_adopted(desk: Desk) -> None:
    desk.file(1, 12, is_adopted=True)
    desk.linking.cycle()

    assert desk.shown == {"1": "acme/shop#12"}


def test_a_new_issue_of_the_problem_takes_the_place_of_the_one_before(desk: Desk) -> None:
    desk.file(1, 12)
    desk.linking.cycle()
    desk.now += 10
    desk.file(1, 13)
    desk.linking.cycle()

    assert desk.shown == {"1": "acme/shop#13"}


def test_a_new_issue_while_the_link_to_the_old_one_is_made_is_linked_after_it(desk: Desk) -> None:
    desk.file(1, 12)
    taken = desk.linking.book.take(now=desk.now)
    assert taken is not None
    desk.file(1, 13)
    desk.linking.book.settle(taken, now=desk.now)
    desk.linking.cycle()

    assert desk.shown == {"1": "acme/shop#13"}


def test_waits_for_the_first_webhook_to_say_which_installation_it_is(tmp_path: Path, sentry: SentryStandIn) -> None:
    desk = Desk(tmp_path, sentry)
    desk.file(1, 12)
    desk.linking.cycle()
    assert desk.posts() == 0

    desk.installation.hear("../../evil")
    desk.installation.hear(INSTALLATION)
    desk.linking.cycle()

    assert desk.shown == {"1": "acme/shop#12"}


@pytest.mark.parametrize("fault", [Fault(500), Fault(manner="drop"), limited(resets_in=20)], ids=["500", "no", "429"])
def test_an_outage_is_waited_for(desk: Desk, fault: Fault) -> None:
    desk.file(1, 12)
    desk.file(2, 13)
    desk.sentry.fail(fault, times=1)
    desk.linking.cycle()
    desk.linking.cycle()
    assert (desk.shown, desk.posts()) == ({}, 1)

    desk.now += 60
    desk.linking.cycle()

    assert desk.shown == {"1": "acme/shop#12", "2": "acme/shop#13"}


def test_a_problem_that_sentry_does_not_have_holds_up_no_other(desk: Desk) -> None:
    desk.file(777, 12)
    desk.file(2, 13)
    desk.linking.cycle()

    assert desk.shown == {"2": "acme/shop#13"}


def test_it_is_tried_ever_less_often_and_given_up_after_a_day(desk: Desk) -> None:
    desk.file(777, 12)
    tried = []
    for _ in range(30 * 60):
        before = desk.posts()
        desk.linking.cycle()
        tried += [desk.now] * (desk.posts() - before)
        desk.now += 60
    gaps = [after - before for before, after in itertools.pairwise(tried)]

    assert gaps == sorted(gaps)
    assert gaps[-1] <= HOUR + 60
    assert 23 * HOUR < tried[-1] - tried[0] < 24 * HOUR
    assert 20 < len(tried) < 40


def test_a_denial_is_said_once_a_day_with_the_permission_and_ends_with_it(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.sentry.scopes = frozenset({"org:read"})
    desk.file(1, 12)
    for _ in range(10):
        desk.worker().cycle()
        desk.now += HOUR
    denials = [record.__dict__ for record in caplog.records if record.levelno == logging.ERROR]

    assert [each["message"] for each in denials] == ["link_denied"]
    assert "'Issue & Event: Write'" in denials[0]["remedy"]
    desk.sentry.scopes = frozenset({"event:write"})
    desk.linking.cycle()
    assert desk.shown == {"1": "acme/shop#12"}


def test_one_worker_links_at_a_time(desk: Desk) -> None:
    desk.file(1, 12)
    assert desk.linking.book.take(now=desk.now) is not None
    desk.worker().cycle()
    assert desk.posts() == 0

    desk.now += 61
    desk.worker().cycle()

    assert desk.shown == {"1": "acme/shop#12"}


def test_what_is_no_issue_of_sentrys_is_not_linked(desk: Desk) -> None:
    desk.file(0, 12, fingerprint="metric:4031")
    desk.file(1, 13, is_test=True)
    desk.linking.cycle()

    assert desk.posts() == 0


def test_the_issue_of_a_metrics_rule_is_linked_to_the_problem_that_sentry_made_of_it(desk: Desk) -> None:
    desk.file(0, 12, fingerprint="metric:4031", aliases=("issue:3",))
    desk.linking.cycle()

    assert desk.shown == {"3": "acme/shop#12"}


def test_a_record_that_makes_no_sense_is_dropped(desk: Desk) -> None:
    desk.file(1, 12)
    desk.engine.transact(lambda shelf: shelf.update({"link/x": [], "link/y": {"issue": "no"}}))
    desk.linking.cycle()

    assert desk.shown == {"1": "acme/shop#12"}
    assert desk.engine.transact(lambda shelf: list(shelf.under("link/"))) == []
