"""One problem in several repositories: each has a history, jobs and numbers of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.ledger_doors import Ledger

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import Policy, Verdict, decide
from booty.observability.alerts.issue import Issue, IssueRef
from booty.observability.alerts.routing.destination import HERE, Destination, destination_of
from booty.observability.alerts.routing.route import Route
from booty.observability.alerts.severity import Severity
from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.closings import ClosingBook
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.repositories.home import Home
from booty.observability.ledger.schedule.jobs import FilingJob, Job, StatusJob

NOW = 1_800_000_000.0
HOUR, DAY = 3600.0, 24 * 3600.0
POLICY = Policy(Severity.WARNING, 6 * HOUR)
SHOP, SITE = "acme/shop", "Other/Site"
THERE = Destination(SITE)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path, repository=SHOP)


def alert(event: str = "a", fingerprint: str = "1:42", **more: object) -> Alert:
    known = {"fingerprint": fingerprint, "event": event, "severity": Severity.ERROR}
    return Alert.read(known | more)


def change(key: str = "0" * 32) -> StatusChange:
    return StatusChange(fingerprint="1:42", change="resolved", key=key)


def claim(ledger: Ledger, one: Alert, to: Destination = HERE, *, now: float = NOW) -> Verdict:
    return ledger.claims.claim(one, lambda known: decide(one, POLICY, known, now), destination=to, now=now)


def lease(ledger: Ledger, *, now: float = NOW) -> Job:
    job = ledger.queue.take(now=now)
    assert isinstance(job, FilingJob | StatusJob)
    return job


def file(ledger: Ledger, number: int | None, *, now: float = NOW) -> Job:
    job = lease(ledger, now=now)
    ledger.queue.settle(job, None if number is None else IssueRef(number, ""), now=now)
    return job


def keys(ledger: Ledger, prefix: str) -> list[str]:
    return ledger.engine.transact(lambda shelf: list(shelf.under(prefix)))


def test_one_problem_has_an_issue_in_each_repository_that_its_alerts_go_to(ledger: Ledger) -> None:
    assert claim(ledger, alert("a")) is Verdict.ACCEPTED
    assert claim(ledger, alert("b"), THERE) is Verdict.ACCEPTED
    assert claim(ledger, alert("c"), THERE) is Verdict.COOLDOWN

    done = [file(ledger, 7, now=NOW + 1), file(ledger, 7, now=NOW + 3)]
    first, second = sorted(done, key=lambda job: job.fingerprint)

    assert (first.destination, second.destination) == (HERE, THERE)
    assert (first.fingerprint, second.fingerprint) == ("1:42", "1:42@other:site")
    assert isinstance(second, FilingJob)
    assert second.alert.fingerprint == "1:42"
    assert keys(ledger, "issue") == ["issue/7", "issue@other:site/7"]
    assert (first.problem.issue, lease_again(ledger).problem.issue) == (None, 7)


def lease_again(ledger: Ledger) -> Job:
    claim(ledger, alert("d"), THERE, now=NOW + 7 * HOUR)
    return lease(ledger, now=NOW + 7 * HOUR)


def test_a_job_keeps_all_that_its_route_said_whoever_has_it(ledger: Ledger) -> None:
    route = Route(
        repository=SITE, labels=("web",), trigger_label="agent:web", assignees=("octocat",), handover="copilot"
    )
    to = destination_of(route, default=SHOP)

    claim(ledger, alert(), to)
    job = lease(ledger)
    ledger.queue.postpone(job, due_at=NOW, attempt=None, now=NOW)

    assert job.destination == lease(ledger, now=NOW + 1).destination == to


def test_a_route_to_the_repository_of_the_settings_is_no_other_place(ledger: Ledger) -> None:
    to = destination_of(Route(repository="Acme/Shop"), default=SHOP)

    claim(ledger, alert(), to)

    assert to == HERE
    assert "destination" not in ledger.engine.transact(lambda shelf: shelf.get("owed/1:42"))


def test_what_a_later_route_no_longer_says_is_forgotten_with_the_next_issue(ledger: Ledger) -> None:
    claim(ledger, alert("a"), Destination(labels=("web",)))
    file(ledger, 7)
    claim(ledger, alert("b"), now=NOW + 7 * HOUR)

    assert lease(ledger, now=NOW + 7 * HOUR).destination == HERE


def test_a_status_change_goes_to_every_repository_that_has_the_problem(ledger: Ledger) -> None:
    to = Destination(SITE, labels=("web",))
    claim(ledger, alert("a"))
    claim(ledger, alert("b"), to)
    file(ledger, 7, now=NOW + 1)
    file(ledger, 9, now=NOW + 3)

    assert ledger.claims.record_status_change(change(), now=NOW + 5)
    told = [file(ledger, None, now=NOW + at) for at in (6, 8)]

    assert [(each.fingerprint, each.destination, each.problem.issue) for each in told] == [
        ("1:42", HERE, 7),
        ("1:42@other:site", to, 9),
    ]
    assert [job.change.fingerprint for job in told if isinstance(job, StatusJob)] == ["1:42", "1:42"]


def test_a_status_change_of_a_problem_elsewhere_leaves_nothing_at_home(ledger: Ledger) -> None:
    claim(ledger, alert("a"), THERE)
    file(ledger, 9)

    assert ledger.claims.record_status_change(change(), now=NOW + 5)
    assert keys(ledger, "alert/") == ["alert/1:42@other:site"]


def test_other_names_of_a_problem_lead_to_it_in_its_own_repository(ledger: Ledger) -> None:
    rule = alert("m1", "metric:77", kind="metric")
    issue = alert("e1", "1:42", aliases=("metric:77",))
    claim(ledger, rule, THERE)
    claim(ledger, issue)

    assert claim(ledger, alert("e2", "1:42", aliases=("metric:77",)), THERE) is Verdict.COOLDOWN
    assert keys(ledger, "alert/") == ["alert/1:42", "alert/metric:77@other:site"]


def test_closings_in_one_repository_change_nothing_in_another(ledger: Ledger) -> None:
    claim(ledger, alert("a"))
    claim(ledger, alert("b"), THERE)
    file(ledger, 7, now=NOW + 1)
    file(ledger, 7, now=NOW + 3)
    closed = Issue(7, is_open=False, is_completed=True, closed_at=NOW + 4, labels=(), body="")
    there = ClosingBook(ledger.engine, home=Home(SHOP), repository=SITE)

    there.learn([closed], as_of=NOW + 5, now=NOW + 5)

    assert (there.to_resolve(7), ledger.closings.to_resolve(7)) == ("1:42@other:site", "1:42")
    assert claim(ledger, alert("c"), THERE, now=NOW + 60) is Verdict.NEWS
    assert claim(ledger, alert("d"), now=NOW + 60) is Verdict.COOLDOWN


def test_each_repositorys_closings_are_read_from_a_place_of_their_own(ledger: Ledger) -> None:
    there = ClosingBook(ledger.engine, home=Home(SHOP), repository=SITE)

    begun = [book.begin_cycle(now=NOW, seconds=60) for book in (ledger.closings, there, there)]

    assert [place is not None for place in begun] == [True, True, False]


def test_after_the_settings_name_another_repository_no_number_is_taken_for_one_of_it(tmp_path: Path) -> None:
    before, after = Ledger(tmp_path, repository=SHOP), Ledger(tmp_path, repository=SITE)
    claim(before, alert("a"))
    file(before, 7)
    claim(before, alert("owed", "1:43"))

    assert claim(after, alert("b"), now=NOW + 60) is Verdict.ACCEPTED
    jobs = [file(after, 8, now=NOW + 60), file(after, 1, now=NOW + 62)]
    old, new = sorted(jobs, key=lambda job: "@" in job.fingerprint)

    assert (old.fingerprint, old.destination.repository) == ("1:43", SHOP)
    assert (new.fingerprint, new.destination, new.problem.issue) == ("1:42@other:site", HERE, None)
    assert claim(after, alert("c"), Destination(SHOP), now=NOW + 70) is Verdict.COOLDOWN
    assert ClosingBook(after.engine, home=Home(SITE)).to_resolve(7) is None
    assert claim(before, alert("d"), now=NOW + 80) is Verdict.COOLDOWN


def test_what_an_older_release_wrote_is_of_the_repository_of_the_settings(tmp_path: Path) -> None:
    older, ledger = Ledger(tmp_path), Ledger(tmp_path, repository=SHOP)
    claim(older, alert("a"))
    file(older, 7)
    claim(older, alert("b", "1:43"))

    job = lease(ledger, now=NOW + 2)

    assert (job.fingerprint, job.destination) == ("1:43", HERE)
    assert claim(ledger, alert("c"), now=NOW + 60) is Verdict.COOLDOWN


def test_an_older_release_sees_no_job_of_another_repository(ledger: Ledger) -> None:
    claim(ledger, alert("a"), THERE)

    assert keys(ledger, "due/") == []
    assert len(keys(ledger, "due@")) == 1


def test_jobs_of_all_repositories_are_done_each_for_its_own(ledger: Ledger) -> None:
    places = [THERE, HERE, Destination("a/b"), Destination("a/b-c"), Destination("a/b.c"), THERE]
    for at, to in enumerate(places):
        claim(ledger, alert(fingerprint=f"1:{at}"), to, now=NOW + at)

    done = [file(ledger, at, now=NOW + 10 + 2 * at) for at in range(6)]

    assert {job.fingerprint.partition("@")[0]: job.destination for job in done} == {
        f"1:{at}": to for at, to in enumerate(places)
    }


def test_a_problem_that_had_its_use_leaves_nothing_behind_in_its_repository(ledger: Ledger) -> None:
    claim(ledger, alert("a"), THERE)
    file(ledger, 9)

    ledger.queue.forget(now=NOW + 31 * DAY)

    assert [key for key in keys(ledger, "") if "@" in key] == []


def test_what_a_newer_release_knows_of_a_destination_is_left_out(ledger: Ledger) -> None:
    claim(ledger, alert("a"), THERE)

    def newer(shelf: Shelf) -> None:
        more = {"handover": "carrier-pigeon", "labels": ["a", 1], "assignees": "all", "room": 7}
        shelf["owed/1:42@other:site"] |= {"destination": {"repository": SITE} | more}

    ledger.engine.transact(newer)

    assert lease(ledger).destination == Destination(SITE, labels=("a",))


def test_what_sentry_told_before_the_first_alert_goes_with_it(ledger: Ledger) -> None:
    created = StatusChange(fingerprint="1:42", change="created", key="c" * 32, short_id="SHOP-4F", events=3)
    ledger.claims.record_status_change(created, now=NOW - 60)

    claim(ledger, alert("a"), THERE)

    assert lease(ledger).problem.first_seen == NOW - 60
    assert keys(ledger, "alert/") == ["alert/1:42@other:site"]
    assert keys(ledger, "alias/") == ["alias/short:SHOP-4F@other:site"]


def test_what_was_alerted_of_at_home_stays_there(ledger: Ledger) -> None:
    claim(ledger, alert("a"), now=NOW - 60)

    claim(ledger, alert("b"), THERE)

    assert keys(ledger, "alert/") == ["alert/1:42", "alert/1:42@other:site"]
    assert ledger.engine.transact(lambda shelf: shelf.get("alert/1:42@other:site"))["first_seen"] == NOW
