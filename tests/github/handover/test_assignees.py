"""Assigning accounts to an issue: what is sent, who was left out, what a refusal means."""

from __future__ import annotations

import json
import logging

import pytest
from responses import RequestsMock
from support.github_issues import ISSUES, draft, issue, tracker

from booty.observability.alerts.handover.terms import AGENT
from booty.observability.issues.outcomes import Absent, Postponed, Refused, Unknown

ONE = f"{ISSUES}/7/assignees"


def told(caplog: pytest.LogCaptureFixture) -> dict[str, object]:
    """Return the fields of the one line that was logged, with its message."""
    (record,) = caplog.records
    return {"message": record.getMessage(), "level": record.levelno, **record.__dict__}


def test_the_agent_is_assigned_by_its_login_and_known_by_its_name(
    answers: RequestsMock, caplog: pytest.LogCaptureFixture
) -> None:
    answers.post(ONE, status=201, json=issue(draft(), assignees=[{"login": "Copilot"}, {"login": "Ada"}]))

    assert tracker().assign(7, ("ada", AGENT)) == ()
    assert json.loads(answers.calls[0].request.body or "") == {"assignees": ["ada", AGENT]}
    assert caplog.records == []


def test_an_agent_that_is_left_out_is_said_with_the_permissions_that_it_needs(
    answers: RequestsMock, caplog: pytest.LogCaptureFixture
) -> None:
    answers.post(ONE, status=201, json=issue(draft(), assignees=[]))

    assert tracker().assign(7, (AGENT,)) == (AGENT,)
    line = told(caplog)
    assert (line["message"], line["level"], line["issue"]) == ("agent_dropped", logging.ERROR, 7)
    assert line["permission"] == "actions, contents, issues, pull_requests: write"


def test_people_who_are_left_out_are_said_with_the_permission_that_github_names(
    answers: RequestsMock, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"X-Accepted-GitHub-Permissions": "issues=write; pull_requests=write"}
    answers.post(ONE, status=201, headers=headers, json=issue(draft(), assignees=[{"login": "ada"}]))

    assert tracker().assign(7, ("ada", "bob")) == ("bob",)
    line = told(caplog)
    assert (line["message"], line["assignees"]) == ("assignees_dropped", ["bob"])
    assert line["permission"] == "issues=write; pull_requests=write"


@pytest.mark.parametrize("status", [403, 422])
def test_a_refusal_leaves_everybody_out_and_is_said(
    answers: RequestsMock, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    answers.post(ONE, status=status, json={"message": "Validation Failed"})

    assert tracker().assign(7, (AGENT,)) == (AGENT,)
    assert f"GitHub answered {status}" in str(told(caplog)["reason"])


@pytest.mark.parametrize(("status", "outcome"), [(401, Refused), (429, Postponed), (502, Unknown)])
def test_what_says_nothing_about_the_accounts_is_raised(
    answers: RequestsMock, status: int, outcome: type[Exception]
) -> None:
    answers.post(ONE, status=status, json={"message": "no"})

    with pytest.raises(outcome):
        tracker().assign(7, (AGENT,))


def test_an_issue_that_is_not_there_may_be_there_again_soon(answers: RequestsMock) -> None:
    answers.post(ONE, status=404, json={"message": "Not Found"})
    answers.get(ISSUES.removesuffix("/issues"), json={"has_issues": True})

    with pytest.raises(Absent):
        tracker().assign(7, (AGENT,))


def test_the_agent_is_taken_off_by_its_login(answers: RequestsMock) -> None:
    answers.delete(ONE, json=issue(draft(), assignees=[]))

    tracker().unassign(7, (AGENT,))

    assert json.loads(answers.calls[0].request.body or "") == {"assignees": [AGENT]}
