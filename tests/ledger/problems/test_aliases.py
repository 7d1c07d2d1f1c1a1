"""One problem under several names: a metric's rule, and the issue that Sentry makes of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.ledger_doors import Ledger
from support.sentry_events import body_of, sample

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import Policy, Verdict, decide
from booty.observability.alerts.issue import IssueRef
from booty.observability.alerts.severity import Severity
from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.schedule.jobs import FilingJob, Idle
from booty.observability.sentry.payload import glance
from booty.observability.sentry.status_changes import parse_status_change

NOW = 1_800_000_000.0
DAY = 24 * 3600.0
POLICY = Policy(Severity.WARNING, 6 * 3600.0)
OF_THE_RULE = Alert(kind="metric", fingerprint="metric:77", event="m1", severity=Severity.WARNING, incident=50)
OF_THE_ISSUE = Alert(
    fingerprint="4511:11", event="e1", severity=Severity.ERROR, aliases=("issue:11", "metric:77", "metric:99")
)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path)


def claim(ledger: Ledger, one: Alert, *, now: float = NOW) -> Verdict:
    return ledger.claims.claim(one, lambda history: decide(one, POLICY, history, now), now=now)


def file(ledger: Ledger, number: int = 7, *, now: float = NOW) -> str:
    """Deliver what is owed; return under which name."""
    job = ledger.queue.take(now=now)
    assert isinstance(job, FilingJob)
    ledger.queue.settle(job, IssueRef(number, "") if job.problem.issue is None else None, now=now)
    return job.key


@pytest.mark.parametrize(("first", "second"), [(OF_THE_RULE, OF_THE_ISSUE), (OF_THE_ISSUE, OF_THE_RULE)])
def test_a_rule_and_the_issue_that_sentry_makes_of_it_are_one_problem(
    ledger: Ledger, first: Alert, second: Alert
) -> None:
    worse = second.but(severity=Severity.FATAL)
    assert claim(ledger, first) is Verdict.ACCEPTED
    assert file(ledger) == first.fingerprint

    assert claim(ledger, worse, now=NOW + 2) is Verdict.NEWS
    assert file(ledger, now=NOW + 2) == first.fingerprint
    assert isinstance(ledger.queue.take(now=NOW + 4), Idle)


def test_they_are_known_by_the_issue_that_both_link_where_the_ids_differ(ledger: Ledger) -> None:
    claim(ledger, OF_THE_ISSUE)
    file(ledger)
    linked = OF_THE_RULE.but(fingerprint="metric:5", aliases=("issue:11",))

    assert claim(ledger, linked, now=NOW + 2) is Verdict.COOLDOWN


def test_what_sentry_says_of_the_issue_reaches_the_problem_by_its_other_name(ledger: Ledger) -> None:
    claim(ledger, OF_THE_RULE.but(aliases=("issue:11",)))
    file(ledger)

    assert ledger.claims.record_status_change(
        StatusChange(fingerprint="4511:11", aliases=("issue:11",), change="resolved", key="r"), now=NOW
    )


def test_other_problems_stay_their_own(ledger: Ledger) -> None:
    claim(ledger, OF_THE_RULE)
    other = OF_THE_ISSUE.but(fingerprint="4511:12", aliases=("issue:12", "metric:78"))

    assert claim(ledger, other) is Verdict.ACCEPTED


def test_a_problem_of_an_older_release_goes_on_as_the_rules(ledger: Ledger, tmp_path: Path) -> None:
    claim(ledger, OF_THE_RULE.but(fingerprint="metric:77:50"))
    assert file(ledger) == "metric:77:50"
    worse = OF_THE_RULE.but(event="m2", incident=51, severity=Severity.FATAL)

    assert claim(ledger, worse, now=NOW + 2) is Verdict.NEWS
    assert file(ledger, now=NOW + 2) == "metric:77:50"
    assert SqliteEngine(tmp_path).transact(lambda shelf: shelf.get("alias/metric:77")) == "metric:77:50"


def test_an_earlier_firing_that_comes_late_says_nothing(ledger: Ledger) -> None:
    claim(ledger, OF_THE_RULE)
    file(ledger)
    earlier = OF_THE_RULE.but(event="m0", incident=49, severity=Severity.FATAL)

    assert claim(ledger, earlier, now=NOW + 2) is Verdict.REPEATED
    assert not ledger.claims.record_status_change(
        StatusChange(fingerprint="metric:77", change="resolved", key="r", incident=49), now=NOW
    )
    assert ledger.claims.record_status_change(
        StatusChange(fingerprint="metric:77", change="resolved", key="s", incident=50), now=NOW
    )


def test_the_names_are_forgotten_with_the_problem(ledger: Ledger, tmp_path: Path) -> None:
    claim(ledger, OF_THE_ISSUE)
    file(ledger)
    ledger.queue.forget(now=NOW + 31 * DAY)

    def left(shelf: Shelf) -> list[str]:
        return [*shelf.under("alias/"), *shelf.under("events/"), *shelf.under("alert/")]

    assert SqliteEngine(tmp_path).transact(left) == []


def test_the_names_are_read_from_sentrys_bodies() -> None:
    metric, event = sample("metric_alert.critical"), sample("event_alert.triggered.occurrence")
    metric["data"]["web_url"] = "https://acme.sentry.io/issues/5078/?alert=1"
    occurrence = event["data"]["event"]["occurrence"]
    occurrence |= {"type": 8001, "evidenceData": {"alert_id": 4031, "detector_id": 99}}
    event["data"]["event"] |= {"issue_id": "5078"}
    resolved = sample("metric_alert.resolved")

    assert glance(body_of(metric), None).aliases == ("issue:5078",)
    assert glance(body_of(event), None).aliases == ("issue:5078", "metric:4031", "metric:99")
    assert glance(body_of(sample("event_alert.triggered.occurrence")), None).aliases == ()
    assert parse_status_change(body_of(resolved), None).fingerprint == glance(body_of(metric), None).fingerprint
