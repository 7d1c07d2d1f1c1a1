"""Labels that GitHub drops from a new issue without a word."""

from __future__ import annotations

import logging

import pytest
from responses import RequestsMock
from support.github_issues import ISSUES, draft, issue, tracker


def test_dropped_labels_are_logged_with_the_permission_that_lacks(
    answers: RequestsMock, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"X-Accepted-GitHub-Permissions": "issues=write"}
    answers.post(ISSUES, status=201, headers=headers, json=issue(draft(), labels=["Severity:Error"]))

    tracker().create(draft())

    (record,) = caplog.records
    assert (record.getMessage(), record.levelno) == ("labels_dropped", logging.ERROR)
    assert record.__dict__["labels"] == ["agent:builder"]
    assert record.__dict__["permission"] == "issues=write"


def test_labels_that_are_all_there_are_not_logged(answers: RequestsMock, caplog: pytest.LogCaptureFixture) -> None:
    answers.post(ISSUES, status=201, json=issue(draft()))

    tracker().create(draft())

    assert caplog.records == []


def test_what_was_said_is_not_said_again(answers: RequestsMock, caplog: pytest.LogCaptureFixture) -> None:
    said: list[str] = []

    def is_news(what: str) -> bool:
        said.append(what)
        return said.count(what) == 1

    answers.post(ISSUES, status=201, json=issue(draft(), labels=[]))
    mine = tracker(is_news=is_news)
    for _ in range(3):
        mine.create(draft())

    assert caplog.messages == ["labels_dropped"]
    assert set(said) == {f"label {label}" for label in draft().labels}


def test_labels_that_are_put_on_later_are_compared_as_well(
    answers: RequestsMock, caplog: pytest.LogCaptureFixture
) -> None:
    answers.post(f"{ISSUES}/7/labels", json=[{"name": "regression"}])
    answers.post(f"{ISSUES}/8/labels", json={"message": "an answer of another shape"})

    tracker().label(7, ("regression", "agent:triage"))
    tracker().label(8, ("agent:triage",))

    (record,) = caplog.records
    assert (record.getMessage(), record.__dict__["labels"]) == ("labels_dropped", ["agent:triage"])
