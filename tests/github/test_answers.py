"""What GitHub's answers mean: whom a refusal concerns, and what helps."""

from __future__ import annotations

import json

import pytest
from requests.structures import CaseInsensitiveDict

from booty.observability.exchange import Answer
from booty.observability.github.answers import judge
from booty.observability.issues.outcomes import Busy, Gone, LabelRefused, Locked, Postponed, Refused


def outcome(status: int, content: object) -> BaseException:
    """Return what an answer raises."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    with pytest.raises((Refused, Postponed)) as caught:
        judge(Answer(status, CaseInsensitiveDict(), body), is_conditional=False)
    return caught.value


def invalid(**problem: str) -> dict[str, object]:
    return {"message": "Validation Failed", "errors": [problem]}


FOR_ALL = [
    (401, "Bad credentials", "GITHUB_TOKEN"),
    (403, "Repository was archived so is read-only.", "unarchive"),
    (403, "Resource protected by organization SAML enforcement. You must grant your token access.", "single sign-on"),
    (403, "The organization has an IP allow list enabled, and your IP address is not permitted.", "IP allow list"),
    (403, "Sorry. Your account was suspended.", "not suspended"),
    (403, "Resource not accessible by personal access token", "Issues: read and write"),
    (403, "Repository access blocked", "Support"),
    (410, "Issues are disabled for this repo", "switch issues on"),
    (410, "Issues has been disabled in this repository.", "switch issues on"),
    (410, "API version 2022-11-28 is no longer supported.", "GITHUB_API_VERSION"),
    (400, "Unsupported API version", "GITHUB_API_VERSION"),
    (451, "Repository access blocked", "Support"),
    (407, "Proxy Authentication Required", "a proxy"),
    (405, "", "a proxy"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "message", "remedy"), FOR_ALL)
def test_a_refusal_of_everything_says_what_helps(status: int, message: str, remedy: str) -> None:
    refusal = outcome(status, {"message": message})

    assert isinstance(refusal, Refused)
    assert not isinstance(refusal, Locked | LabelRefused)
    assert remedy in (refusal.remedy or "")


def test_a_400_that_is_not_in_githubs_words_is_about_all() -> None:
    refusal = outcome(400, b"<html>The plain HTTP request was sent to HTTPS port</html>")

    assert isinstance(refusal, Refused)
    assert refusal.remedy is not None


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (422, invalid(resource="Issue", field="body", code="custom", message="body is too long")),
        (422, {"message": "Invalid request.\n\nFor 'properties/title', nil is not a string."}),
        (422, {"message": "Validation Failed", "errors": ["Could not resolve to a node"]}),
        (400, {"message": "Problems parsing JSON"}),
        (413, b"<html>too large</html>"),
    ],
)
def test_a_refusal_of_one_thing_has_no_remedy_for_all(status: int, content: object) -> None:
    refusal = outcome(status, content)

    assert isinstance(refusal, Refused)
    assert refusal.remedy is None


@pytest.mark.parametrize(
    "content",
    [
        invalid(resource="Issue", code="custom", field="base", message="was submitted too quickly"),
        {"message": "Validation Failed", "errors": "was submitted too quickly"},
        {"message": "Validation failed, or the endpoint has been spammed."},
        {"message": "You have exceeded a secondary rate limit."},
        {"message": "You have triggered an abuse detection mechanism."},
    ],
)
def test_too_much_at_a_time_waits_also_when_it_is_called_invalid(content: object) -> None:
    delay = outcome(422, content)

    assert isinstance(delay, Postponed)
    assert delay.is_limit


def test_what_github_repeats_of_our_request_does_not_count_as_its_words() -> None:
    refusal = outcome(422, invalid(resource="Issue", field="title", value="was submitted too quickly, label, locked"))

    assert type(refusal) is Refused


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (422, invalid(resource="Label", code="invalid", field="name")),
        (422, invalid(resource="Issue", code="invalid", field="labels")),
        (403, {"message": "You do not have permission to create labels on this repository."}),
        (403, invalid(resource="Repository", field="label", code="unauthorized")),
    ],
)
def test_a_refused_label_is_told_from_a_refused_issue(status: int, content: object) -> None:
    assert isinstance(outcome(status, content), LabelRefused)


def test_a_locked_issue_is_told_from_a_missing_permission() -> None:
    refusal = outcome(403, {"message": "Unable to create comment because issue is locked."})

    assert isinstance(refusal, Locked)
    assert not isinstance(outcome(403, {"message": "Repository has been locked for migration."}), Locked)


def test_a_conflict_may_pass() -> None:
    busy = outcome(409, {"message": "Conflict"})

    assert isinstance(busy, Busy)
    assert busy.remedy is None


@pytest.mark.parametrize(
    ("status", "message", "is_deleted"),
    [(410, "This issue was deleted", True), (404, "Not Found", False), (410, "Gone", False)],
)
def test_only_a_deletion_that_github_speaks_of_is_sure(status: int, message: str, is_deleted: bool) -> None:  # noqa: FBT001 - pytest gives it by name
    gone = outcome(status, {"message": message})

    assert isinstance(gone, Gone)
    assert (gone.is_deleted, gone.remedy) == (is_deleted, None)
