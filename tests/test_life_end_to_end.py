"""An issue's life with the real service: gunicorn, webhooks over a socket, a stand-in for GitHub, deaths in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from support.github_stand_in import Fault, GitHubStandIn, Json
from support.sentry_events import ISSUE, PROJECT, body_of, sample
from support.service import Service, eventually

from booty.observability.alerts.issue import MUTE
from booty.observability.issues.life.edits import REGRESSION

OLD, NEW = f"booty@{'a' * 40}", f"booty@{'b' * 40}"
NO_COOLDOWN = {"OBSV_COOLDOWN_HOURS": "0.0000001", "OBSV_PERMALINKS": "0", "OBSV_SUSPECTS": "0", "WEB_CONCURRENCY": "1"}


TOLD = ["GET 1", "POST comments", "GET 1", "PATCH 1"]
HANDED_OVER = ["POST comments", "DELETE agent%3Abuilder", "GET 1", "PATCH 1", "POST labels"]


def occurrence(release: str, number: int) -> bytes:
    """Return the body of one occurrence of the problem."""
    event = {"project": PROJECT, "issue_id": ISSUE, "event_id": f"{number:032x}", "release": release, "level": "error"}
    return body_of({"action": "triggered", "data": {"event": event, "triggered_rule": "any"}})


class Problem:
    """One problem, its service, and its issue on GitHub."""

    def __init__(self, service: Service, github: GitHubStandIn) -> None:
        self.service = service
        self.github = github
        self.done = 0

    @property
    def issue(self) -> Json:
        return self.github.issues[0]

    @property
    def labels(self) -> set[str]:
        return {label if isinstance(label, str) else label["name"] for label in self.issue["labels"]}

    @property
    def comments(self) -> list[str]:
        return [comment["body"].split("\n")[0] for comment in self.github.comments.get(1, [])]

    def alert(self, release: str = OLD) -> list[str]:
        """Let the problem occur; return the calls to GitHub that follow, once its work is done."""
        body = occurrence(release, self.done)
        return self.calls(lambda: self.service.post(body))

    def record_status_change(self, name: str, **issue: object) -> list[str]:
        """Bring one of Sentry's `issue` webhooks about the problem."""
        payload = sample(f"issue.{name}")
        payload["data"]["issue"] |= {"id": ISSUE, "project": {"id": str(PROJECT), "slug": "booty"}, **issue}
        return self.calls(lambda: self.service.post(body_of(payload), resource="issue"))

    def calls(self, act: Callable[[], Any]) -> list[str]:
        before = len(self.github.calls)
        assert act().status == 202
        self.done += 1
        assert eventually(lambda: self.settled() == self.done)
        calls = [f"{call.method} {call.path.rsplit('/', 1)[-1]}" for call in self.github.calls[before:]]
        return [call for call in calls if call != "GET issues"]  # asked of in between, whatever happens

    def settled(self) -> int:
        return len(self.service.events("issue_filed")) + len(self.service.events("issue_followed"))


@pytest.fixture
def github() -> Iterator[GitHubStandIn]:
    with GitHubStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def problem(github: GitHubStandIn, tmp_path: Path) -> Iterator[Problem]:
    with Service(tmp_path / "state", github.environ | NO_COOLDOWN) as service:
        yield Problem(service, github)


def test_an_issue_is_kept_true_from_its_birth_to_its_second_death(problem: Problem) -> None:
    assert problem.alert() == ["POST issues"]
    assert problem.alert() == ["GET 1", "PATCH 1"]
    assert "**Seen 2 times**" in problem.issue["body"]
    assert problem.comments == []

    assert problem.alert(NEW) == TOLD
    assert [text[:14] for text in problem.comments] == ["Also seen in r"]

    problem.github.change(1, state="closed", state_reason="completed")
    assert problem.alert(OLD) == ["GET 1"]
    assert problem.alert(f"booty@{'c' * 40}") == ["GET 1", "GET timeline", *HANDED_OVER]
    assert (problem.issue["state"], REGRESSION in problem.labels) == ("open", True)

    problem.github.change(1, state="closed", state_reason="not_planned")
    assert problem.alert() == ["GET 1"]
    problem.github.change(1, state="open", state_reason="reopened")
    assert problem.alert() == ["GET 1", "PATCH 1"]
    assert "**Seen 7 times**" in problem.issue["body"]

    assert problem.record_status_change("resolved", lastSeen="2099-01-01T00:00:00Z") == TOLD
    assert (problem.issue["state"], problem.issue["state_reason"]) == ("closed", "completed")
    assert problem.record_status_change("unresolved", lastSeen="2099-01-02T00:00:00Z") == ["GET 1", *HANDED_OVER]
    assert problem.issue["state"] == "open"
    assert problem.record_status_change("ignored", lastSeen="2099-01-03T00:00:00Z") == [*TOLD[:2], "POST labels"]
    assert MUTE in problem.labels
    assert problem.alert() == ["GET 1"]
    assert len(problem.github.posts()) == 1


def test_late_and_repeated_news_change_nothing(problem: Problem) -> None:
    problem.alert()
    problem.record_status_change("unresolved", lastSeen="2099-01-02T00:00:00Z")
    late = sample("issue.resolved")
    late["data"]["issue"] |= {"id": ISSUE, "project": {"id": str(PROJECT)}, "lastSeen": "2099-01-01T00:00:00Z"}

    answer = problem.service.post(body_of(late), resource="issue")

    assert (answer.status, answer.content) == (200, {"status": "ignored", "reason": "not_handled"})
    assert problem.issue["state"] == "open"


def test_a_persons_words_survive_a_recurrence(problem: Problem) -> None:
    problem.alert()
    problem.github.change(1, title="mine", body=f"my words\r\n\r\n{problem.issue['body']}\r\nmore of mine")
    problem.alert()

    assert problem.issue["title"] == "mine"
    assert problem.issue["body"].startswith("my words\n\nMessage logged")
    assert "\n<!-- booty:counter -->\n**Seen 2 times**" in problem.issue["body"]
    assert problem.issue["body"].endswith("more of mine")


def test_a_comment_whose_answer_is_lost_is_not_written_twice(problem: Problem) -> None:
    problem.alert()
    problem.github.fail(Fault(manner="drop", creates=True), times=1)

    assert problem.alert(NEW)[:2] == ["GET 1", "POST comments"]
    assert len(problem.comments) == 1
    assert "**Seen 2 times**" in problem.issue["body"]


def test_a_service_that_is_killed_between_comment_and_edit_ends_in_the_same_state(problem: Problem) -> None:
    problem.alert()
    problem.github.fail(Fault(manner="hang", creates=True), times=1)
    assert problem.service.post(occurrence(NEW, 1)).status == 202
    assert eventually(lambda: len(problem.comments) == 1)
    problem.service.kill()
    problem.service.start()

    assert eventually(lambda: len(problem.service.events("issue_followed")) == 1, within=60)
    assert [text[:14] for text in problem.comments] == ["Also seen in r"]
    assert "**Seen 2 times**" in problem.issue["body"]


@pytest.fixture
def cooling(github: GitHubStandIn, tmp_path: Path) -> Iterator[Problem]:
    """Return a problem of a service with the usual cooldown."""
    usual = {"OBSV_PERMALINKS": "0", "OBSV_SUSPECTS": "0", "OBSV_MIN_SEVERITY": "warning", "WEB_CONCURRENCY": "2"}
    with Service(tmp_path / "state", github.environ | usual) as service:
        yield Problem(service, github)


def test_a_regression_within_the_cooldown_reopens_the_issue_and_hands_it_over(cooling: Problem) -> None:
    cooling.alert()
    cooling.github.change(1, state="closed", state_reason="completed")

    assert cooling.alert(NEW) == ["GET 1", "GET timeline", *HANDED_OVER]
    assert (cooling.issue["state"], REGRESSION in cooling.labels) == ("open", True)


def test_the_same_event_again_changes_nothing_even_after_the_cooldown(problem: Problem) -> None:
    problem.alert()
    problem.github.change(1, state="closed", state_reason="completed")
    again = problem.service.post(occurrence(OLD, 0))

    assert (again.status, again.content) == (200, {"status": "ignored", "reason": "cooldown"})
    assert [event["reason"] for event in problem.service.events("alert_ignored")] == ["repeated"]
    assert problem.issue["state"] == "closed"


def firing(action: str, incident: int) -> bytes:
    """Return the body of a metric alert."""
    payload = sample("metric_alert.resolved" if action == "resolved" else f"metric_alert.{action}")
    payload["data"]["metric_alert"] |= {"id": str(incident), "date_closed": None}
    return body_of(payload)


def test_a_metrics_rule_that_flaps_within_its_cooldown_is_one_issue(cooling: Problem) -> None:
    for action, incident in (("warning", 1), ("critical", 1), ("resolved", 1), ("critical", 2)):
        cooling.calls(partial(cooling.service.post, firing(action, incident), resource="metric_alert"))

    assert len(cooling.github.issues) == 1
    assert (cooling.issue["state"], cooling.labels >= {"severity:fatal", REGRESSION}) == ("open", True)
    assert cooling.issue["title"].startswith("[fatal] ")
    assert [text[:12] for text in cooling.comments] == ["Worse than b", "Resolved in ", "**Regressed*"]


def test_a_regression_survives_a_kill_between_its_acceptance_and_its_comment(cooling: Problem) -> None:
    cooling.alert()
    cooling.github.change(1, state="closed", state_reason="completed")
    cooling.github.fail(Fault(manner="hang", creates=True), times=1)
    assert cooling.service.post(occurrence(NEW, 1)).status == 202
    cooling.service.kill()
    cooling.service.start()

    assert eventually(lambda: bool(cooling.issue["state"] == "open"), within=120)
    assert eventually(lambda: REGRESSION in cooling.labels)
    assert [text[:12] for text in cooling.comments] == ["**Regressed*"]
