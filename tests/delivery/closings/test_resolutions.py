"""Closings on GitHub told to Sentry: what is asked, what is sent, and what is left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import responses
from githubkit.versions.v2022_11_28.models import ReposOwnerRepoIssuesIssueNumberPatchBody
from responses import matchers
from support.ledger_doors import Ledger

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import Verdict
from booty.observability.alerts.issue import SPACING_SECONDS, Issue, IssueRef
from booty.observability.alerts.severity import Severity
from booty.observability.alerts.status_change import StatusChange
from booty.observability.delivery.closings.resolutions import CYCLE_SECONDS, Resolutions
from booty.observability.github.client import GitHub
from booty.observability.github.issues import GitHubIssues
from booty.observability.github.reading import PER_PAGE
from booty.observability.issues.edit import Edit
from booty.observability.ledger.closings import ClosingBook
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.schedule.jobs import FilingJob, Pause
from booty.observability.sentry.api.client import SentryApi
from booty.observability.sentry.api.resolving import SentryResolver

NOW = 1_800_000_000.0  # 2027-01-15T08:00:00Z
ISSUES = "https://api.github.com/repos/acme/shop/issues"
SENTRY = "https://sentry.io/api/0/organizations/acme/issues/42/"
GITHUB = GitHub(api_url="https://api.github.com", token="t", version="2022-11-28")
TRACKER = GitHubIssues(GITHUB, repository="acme/shop")


class Watch:
    """The closings of one ledger that has issue 7 for Sentry's issue 42, with a clock of their own."""

    def __init__(self, directory: Path, *, fingerprint: str = "1:42") -> None:
        self.fingerprint = fingerprint
        self.now = NOW
        store = self.store = SqliteEngine(directory)
        self.ledger = Ledger(store.directory, engine=store, keep_seconds=30 * 86400)
        sentry = SentryResolver(SentryApi("https://sentry.io", "acme", "s"))
        self.resolutions = Resolutions(ClosingBook(store), TRACKER, sentry, clock=lambda: self.now)
        self.alert("e1")
        owed = self.ledger.queue.take(now=NOW)
        assert isinstance(owed, FilingJob)
        self.ledger.queue.settle(owed, IssueRef(7, ""), now=NOW)

    def alert(self, event: str, *, verdict: Verdict = Verdict.COOLDOWN) -> None:
        one = Alert(fingerprint=self.fingerprint, event=event, severity=Severity.ERROR)
        self.ledger.claims.claim(one, lambda known: verdict if known else Verdict.ACCEPTED, now=self.now)

    def cycle(self) -> None:
        self.now += CYCLE_SECONDS
        self.resolutions.cycle()


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    return Watch(tmp_path)


def issue(
    number: int = 7, reason: str | None = "completed", changed: str = "2027-01-15T08:01:00Z"
) -> dict[str, object]:
    return {
        "number": number,
        "state": "closed",
        "state_reason": reason,
        "closed_at": changed,
        "updated_at": changed,
        "labels": [{"name": "agent:builder"}],
        "body": "a body that people made their own",
    }


@responses.activate
def test_an_issue_closed_as_completed_is_resolved_in_the_next_release(watch: Watch) -> None:
    responses.get(ISSUES, json=[issue()])
    told = responses.put(SENTRY, json={})
    watch.cycle()

    assert json.loads(told.calls[0].request.body) == {"status": "resolved", "statusDetails": {"inNextRelease": True}}
    assert told.calls[0].request.headers["Authorization"] == "Bearer s"


@responses.activate
def test_the_number_of_a_metrics_rule_is_not_taken_for_that_of_a_problem(tmp_path: Path) -> None:
    watch = Watch(tmp_path, fingerprint="metric:42")
    responses.get(ISSUES, json=[issue()])
    watch.cycle()

    assert len(responses.calls) == 1


@responses.activate
def test_a_closing_is_told_once_and_a_page_without_change_costs_nothing(watch: Watch) -> None:
    responses.get(ISSUES, json=[issue()], headers={"ETag": '"e"'})
    told = responses.put(SENTRY, json={})
    watch.cycle()
    watch.cycle()
    responses.replace(responses.GET, ISSUES, status=304, match=[matchers.header_matcher({"If-None-Match": '"e"'})])
    watch.cycle()
    watch.cycle()

    assert told.call_count == 1
    assert "since=2027-01-15T08%3A01%3A00Z" in str(responses.calls[-1].request.url)


@responses.activate
def test_a_closing_from_before_the_first_cycle_is_found(watch: Watch) -> None:
    asked = responses.get(ISSUES, json=[])
    watch.cycle()

    assert "since=2027-01-15T08%3A00%3A00Z" in str(asked.calls[0].request.url)


@responses.activate
def test_more_closings_of_one_second_than_a_page_holds_do_not_end_the_reading(watch: Watch) -> None:
    responses.get(ISSUES, json=[issue(number) for number in range(1_000, 1_000 + PER_PAGE)])
    watch.cycle()
    watch.cycle()
    watch.cycle()

    assert "since=2027-01-15T08%3A01%3A01Z" in str(responses.calls[-1].request.url)


@responses.activate
def test_nothing_is_asked_twice_in_a_cycle_over_all_workers(watch: Watch) -> None:
    asked = responses.get(ISSUES, json=[])
    watch.cycle()
    watch.resolutions.cycle()

    assert asked.call_count == 1


@responses.activate
@pytest.mark.parametrize("other", [issue(reason="not_planned"), issue(number=8)])
def test_other_closings_are_left_alone(watch: Watch, other: dict[str, object]) -> None:
    responses.get(ISSUES, json=[other])
    watch.cycle()

    assert [call.request.method for call in responses.calls] == ["GET"]


@responses.activate
def test_a_closing_that_came_from_sentry_does_not_go_back_there(watch: Watch) -> None:
    responses.get(ISSUES, json=[issue()])
    watch.ledger.claims.record_status_change(StatusChange(fingerprint="1:42", change="resolved", key="k"), now=NOW)
    watch.cycle()

    assert [call.request.method for call in responses.calls] == ["GET"]


@responses.activate
def test_sentrys_echo_of_a_closing_does_not_close_an_issue_that_was_reopened_since(watch: Watch) -> None:
    responses.get(ISSUES, json=[issue()])
    responses.put(SENTRY, json={})
    watch.cycle()

    assert not watch.ledger.claims.record_status_change(
        StatusChange(fingerprint="1:42", change="resolved", key="echo"), now=watch.now
    )
    assert watch.ledger.claims.record_status_change(
        StatusChange(fingerprint="1:42", change="unresolved", key="a"), now=watch.now
    )
    assert watch.ledger.claims.record_status_change(
        StatusChange(fingerprint="1:42", change="resolved", key="b"), now=watch.now
    )


@responses.activate
def test_a_problem_that_was_seen_again_is_resolved_again(watch: Watch) -> None:
    responses.get(ISSUES, json=[issue()])
    told = responses.put(SENTRY, json={})
    watch.cycle()
    watch.alert("e2")
    watch.cycle()

    assert told.call_count == 2


@responses.activate
@pytest.mark.parametrize(("status", "tries"), [(503, 2), (429, 2), (404, 1), (403, 1)])
def test_a_failure_of_sentry_is_made_up_for_unless_it_is_final(watch: Watch, status: int, tries: int) -> None:
    responses.get(ISSUES, json=[issue()])
    told = responses.put(SENTRY, status=status)
    watch.cycle()
    responses.replace(responses.GET, ISSUES, json=[issue()] if tries == 2 else [])
    watch.cycle()

    assert told.call_count == tries


@responses.activate
@pytest.mark.parametrize("status", [500, 403, 200])
def test_a_failure_of_github_is_made_up_for_by_the_next_cycle(watch: Watch, status: int) -> None:
    responses.get(ISSUES, status=status, body="nonsense")
    told = responses.put(SENTRY, json={})
    watch.cycle()
    responses.replace(responses.GET, ISSUES, json=[issue()])
    watch.cycle()

    assert told.call_count == 1


@responses.activate
def test_a_failure_that_lasts_is_told_once_and_asked_about_less_and_less(
    watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    asked = responses.get(ISSUES, status=401, json={"message": "Bad credentials"})
    for _ in range(16):
        watch.cycle()

    assert asked.call_count == 5
    assert [record.getMessage() for record in caplog.records].count("closings_not_read") == 1


@responses.activate
def test_github_is_left_alone_while_deliveries_are_paused(watch: Watch) -> None:
    asked = responses.get(ISSUES, json=[])
    watch.alert("e2", verdict=Verdict.ACCEPTED)
    owed = watch.ledger.queue.take(now=watch.now + SPACING_SECONDS)
    assert isinstance(owed, FilingJob)
    pause = Pause(NOW + 3 * CYCLE_SECONDS, "a limit")
    watch.ledger.queue.postpone(owed, due_at=NOW, attempt=None, pause=pause, now=watch.now)
    watch.cycle()
    watch.cycle()

    assert asked.call_count == 0
    watch.cycle()
    assert asked.call_count == 1


@responses.activate
def test_without_a_way_to_sentry_a_closing_is_learned_all_the_same(watch: Watch) -> None:
    asked = responses.get(ISSUES, json=[issue(changed="2027-01-15T08:00:30Z")])
    watch.resolutions = Resolutions(ClosingBook(watch.store), TRACKER, None, clock=lambda: watch.now)
    watch.now = NOW + 40
    watch.alert("e2")
    watch.cycle()

    assert "state=all" in str(asked.calls[0].request.url)
    owed = watch.ledger.queue.take(now=watch.now)
    assert isinstance(owed, FilingJob)
    assert (owed.alert.event, owed.problem.issue) == ("e2", 7)


@responses.activate
def test_reads_an_issue_as_it_stands() -> None:
    responses.get(f"{ISSUES}/7", json=issue(reason="not_planned"))
    known = TRACKER.read(7)

    assert isinstance(known, Issue)
    assert (known.is_open, known.is_completed, known.is_muted) == (False, False, True)
    assert known.labels == ("agent:builder",)


@responses.activate
@pytest.mark.parametrize(
    ("edit", "sent"),
    [
        (Edit(body="b"), {"body": "b"}),
        (Edit(state="completed"), {"state": "closed", "state_reason": "completed"}),
        (Edit(state="open", add_labels=("a",)), {"state": "open", "state_reason": "reopened"}),
        (Edit(title="t"), {"title": "t"}),
    ],
)
def test_edits_with_one_patch_that_github_describes(edit: Edit, sent: dict[str, object]) -> None:
    patched = responses.patch(f"{ISSUES}/7", json=issue())
    TRACKER.edit(7, edit)

    assert json.loads(patched.calls[0].request.body) == sent
    ReposOwnerRepoIssuesIssueNumberPatchBody.model_validate(sent)


@responses.activate
def test_finds_a_comment_by_its_marker_alone() -> None:
    comments = [{"body": "<!-- booty:event=k --> quoted"}, {"body": "Seen 10 times.\r\n\r\n<!-- booty:event=k -->\r\n"}]
    responses.get(f"{ISSUES}/7/comments", json=comments[:1])
    assert not TRACKER.has_comment(7, "<!-- booty:event=k -->", since=NOW)

    responses.replace(responses.GET, f"{ISSUES}/7/comments", json=comments)
    assert TRACKER.has_comment(7, "<!-- booty:event=k -->", since=NOW)
