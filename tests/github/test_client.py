"""One call to GitHub: what is sent, and what every answer means for the one who asked."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Mapping

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import binary, dictionaries, sampled_from
from responses import RequestsMock, matchers
from support.github_stand_in import REPOSITORY, TOKEN, Fault, GitHubStandIn

from booty.observability.exchange import LONGEST_ANSWER
from booty.observability.github.answers import LONGEST_REASON
from booty.observability.github.client import GitHub
from booty.observability.issues.outcomes import Postponed, Refused, Unknown

API = "https://api.github.com"
ISSUES = f"/repos/{REPOSITORY}/issues"


def github(api_url: str = API, *, seconds: float = 5.0) -> GitHub:
    return GitHub(api_url=api_url, token=TOKEN, version="2026-03-10", call_seconds=seconds)


def test_a_call_carries_the_token_the_version_and_who_calls(answers: RequestsMock) -> None:
    headers = {
        "Authorization": f"Bearer {TOKEN}",
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2026-03-10",
        "User-Agent": "booty/1.0.0",
    }
    sent = [matchers.header_matcher(headers), matchers.json_params_matcher({"title": "x"})]
    answers.post(f"{API}{ISSUES}", status=201, body=b'{"number": 7}', match=sent)

    answer = github().post(ISSUES, {"title": "x"})

    assert (answer.status, answer.body) == (201, b'{"number": 7}')


def test_parameters_go_into_the_address_encoded(answers: RequestsMock) -> None:
    answers.get(f"{API}{ISSUES}", match=[matchers.query_param_matcher({"labels": "agent:builder & co", "page": "2"})])

    assert github().get(ISSUES, {"labels": "agent:builder & co", "page": 2}).status == 200


def test_an_entry_in_netrc_does_not_replace_the_token(
    real: GitHubStandIn, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = f"{tmp_path}/netrc"
    with open(netrc, "w", encoding="ascii") as file:  # noqa: PTH123 - tmp_path is given as text to the environment
        file.write("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", netrc)

    github(real.api_url).get("/user")

    assert real.calls[0].headers["Authorization"] == f"Bearer {TOKEN}"


LIMITS: list[tuple[int, Mapping[str, str], str, float | None]] = [
    (403, {"Retry-After": "60"}, "You have exceeded a secondary rate limit", 60),
    (429, {"Retry-After": "7"}, "", 7),
    (403, {"Retry-After": "0"}, "", 0),
    (429, {"X-RateLimit-Remaining": "12", "X-RateLimit-Reset": "99"}, "", None),
    (403, {"X-RateLimit-Remaining": "4999"}, "You have exceeded a secondary rate limit.", None),
    (403, {}, "You have triggered an abuse detection mechanism.", None),
    (429, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, "", None),
    (429, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "soon"}, "", None),
]


@pytest.mark.parametrize(("status", "headers", "message", "seconds"), LIMITS)
def test_every_form_of_a_rate_limit_postpones(
    answers: RequestsMock, status: int, headers: Mapping[str, str], message: str, seconds: float | None
) -> None:
    answers.post(f"{API}{ISSUES}", status=status, headers=dict(headers), json={"message": message})

    with pytest.raises(Postponed, match=f"GitHub answered {status}") as caught:
        github().post(ISSUES, {})
    assert (caught.value.pause_seconds, caught.value.is_limit) == (seconds, True)


@pytest.mark.parametrize("status", [403, 429])
def test_a_used_up_quota_postpones_until_it_is_filled_again(answers: RequestsMock, status: int) -> None:
    reset = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) + 1800)}
    answers.post(f"{API}{ISSUES}", status=status, headers=reset, json={"message": "API rate limit exceeded"})

    with pytest.raises(Postponed) as caught:
        github().post(ISSUES, {})
    assert caught.value.pause_seconds == pytest.approx(1801, abs=3)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422])
def test_other_answers_from_400_on_are_refusals_in_githubs_words(answers: RequestsMock, status: int) -> None:
    answers.post(f"{API}{ISSUES}", status=status, json={"message": "No,\n not so."})

    with pytest.raises(Refused, match=rf"^GitHub answered {status}: No, not so\.$"):
        github().post(ISSUES, {})


def test_a_refusal_repeats_nothing_of_what_was_sent_and_no_secret(answers: RequestsMock) -> None:
    token = "gh" + "p_" + "aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0zCaB3d"
    problem = {"resource": "Issue", "field": "body", "code": "custom", "message": "is too long", "value": "stored text"}
    answers.post(f"{API}{ISSUES}", status=422, json={"message": "Validation Failed", "errors": [problem]})
    answers.post(f"{API}{ISSUES}", status=422, body=f"<p>Authorization: Bearer {token}</p>")

    for said in (r"Validation Failed Issue body custom is too long$", r"<p>Authorization: Bearer \[redacted\]$"):
        with pytest.raises(Refused, match=said):
            github().post(ISSUES, {})


def test_a_missing_permission_is_named(answers: RequestsMock) -> None:
    headers = {"X-Accepted-GitHub-Permissions": "issues=write"}
    body = {"message": "Resource not accessible by personal access token"}
    answers.post(f"{API}{ISSUES}", status=403, headers=headers, json=body)

    with pytest.raises(Refused, match=r"not accessible.* \(needs issues=write\)$"):
        github().post(ISSUES, {})


def test_a_refusal_is_one_short_line_whatever_the_body_holds(answers: RequestsMock) -> None:
    answers.post(f"{API}{ISSUES}", status=422, body=b"\x1b[31m\r\n\xff" + b"a" * 100_000)

    with pytest.raises(Refused) as caught:
        github().post(ISSUES, {})
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < LONGEST_REASON + 50


@pytest.mark.parametrize("status", [304, 408, 500, 502, 503, 504, 599])
def test_answers_that_say_nothing_about_the_post_leave_it_unknown(answers: RequestsMock, status: int) -> None:
    answers.post(f"{API}{ISSUES}", status=status, headers={"Retry-After": "5"})

    with pytest.raises(Unknown, match=f"GitHub answered {status}"):
        github().post(ISSUES, {})


@pytest.mark.parametrize("manner", ["drop", "hang", "trickle"])
def test_a_lost_late_or_endless_answer_leaves_the_call_unknown(real: GitHubStandIn, manner: str) -> None:
    fault = {"drop": Fault(manner="drop"), "hang": Fault(manner="hang"), "trickle": Fault(manner="trickle")}[manner]
    real.fail(fault)
    began_at = time.monotonic()

    with pytest.raises(Unknown):
        github(real.api_url, seconds=0.5).post(ISSUES, {"title": "x"})
    assert time.monotonic() - began_at < 2
    assert len(real.posts()) == 1


def test_an_answer_that_ends_too_early_leaves_the_call_unknown(real: GitHubStandIn) -> None:
    real.fail(Fault(201, {"Content-Length": "4000", "Connection": "close"}, b'{"number": 7}'))

    with pytest.raises(Unknown):
        github(real.api_url, seconds=0.5).post(ISSUES, {"title": "x"})


def test_an_oversized_answer_leaves_the_call_unknown(real: GitHubStandIn) -> None:
    real.fail(Fault(201, {}, b" " * (LONGEST_ANSWER + 1)))

    with pytest.raises(Unknown, match="too long"):
        github(real.api_url).post(ISSUES, {"title": "x"})


def test_a_compressed_answer_is_unpacked_and_its_unpacked_size_counts(real: GitHubStandIn) -> None:
    from gzip import compress  # noqa: PLC0415 - of use to this test alone

    real.fail(Fault(200, {"Content-Encoding": "gzip"}, compress(b'{"login": "booty-bot"}')), method="GET", times=1)
    assert github(real.api_url).get("/user").body == b'{"login": "booty-bot"}'

    real.fail(Fault(200, {"Content-Encoding": "gzip"}, compress(b" " * (LONGEST_ANSWER + 1))), method="GET", times=1)
    with pytest.raises(Unknown, match="too long"):
        github(real.api_url).get("/user")


def test_a_redirect_that_trickles_leaves_the_call_unknown(real: GitHubStandIn) -> None:
    real.fail(Fault(307, {"Location": "/b"}, b" " * 4000, manner="trickle"))

    with pytest.raises(Unknown, match="too slow"):
        github(real.api_url, seconds=0.5).post(ISSUES, {"title": "x"})


def test_a_connection_that_was_never_made_is_only_postponed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    with pytest.raises(Postponed, match="NewConnectionError") as caught:
        github(f"http://127.0.0.1:{port}").post(ISSUES, {})
    assert (caught.value.pause_seconds, caught.value.is_limit) == (None, False)


def test_a_name_that_does_not_resolve_is_only_postponed() -> None:
    with pytest.raises(Postponed, match="NameResolutionError"):
        github("http://github.invalid").post(ISSUES, {})


def test_a_connect_timeout_is_only_postponed(answers: RequestsMock) -> None:
    answers.post(f"{API}{ISSUES}", body=requests.ConnectTimeout())

    with pytest.raises(Postponed, match="ConnectTimeout"):
        github().post(ISSUES, {})


def test_the_token_is_in_no_reason(answers: RequestsMock) -> None:
    answers.post(f"{API}{ISSUES}", body=requests.ConnectionError(f"Bearer {TOKEN}"))

    with pytest.raises(Unknown) as caught:
        github().post(ISSUES, {})
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_renamed_repository_still_gets_the_whole_post(
    answers: RequestsMock, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    moved = f"{API}/repositories/42/issues"
    answers.post(f"{API}{ISSUES}", status=status, headers={"Location": moved})
    sent = [
        matchers.json_params_matcher({"title": "x"}),
        matchers.header_matcher({"Authorization": f"Bearer {TOKEN}"}),
    ]
    answers.post(moved, status=201, match=sent)

    assert github().post(ISSUES, {"title": "x"}).status == 201
    assert [(record.getMessage(), record.levelno) for record in caplog.records] == [
        ("repository_moved", logging.WARNING)
    ]


@pytest.mark.parametrize(
    ("number", "repository", "said"),
    [(7, 301, "issue_transferred"), (1, 200, "issue_transferred"), (1, 301, "repository_moved")],
)
def test_a_transferred_issue_is_not_a_renamed_repository(
    answers: RequestsMock, caplog: pytest.LogCaptureFixture, number: int, repository: int, said: str
) -> None:
    caplog.set_level(logging.INFO)
    answers.assert_all_requests_are_fired = False
    answers.get(f"{API}{ISSUES}/1", status=301, headers={"Location": f"{API}/repositories/42/issues/{number}"})
    answers.get(f"{API}/repos/{REPOSITORY}", status=repository, headers={"Location": f"{API}/repositories/42"})
    answers.get(f"{API}/repositories/42/issues/{number}", json={"number": number})

    assert github().get(f"{ISSUES}/1").status == 200
    assert [record.getMessage() for record in caplog.records] == [said]


def test_a_redirect_keeps_the_parameters_of_a_list(answers: RequestsMock) -> None:
    answers.get(f"{API}{ISSUES}", status=301, headers={"Location": "/repositories/42/issues"})
    asked = [matchers.query_param_matcher({"state": "all"})]
    answers.get(f"{API}/repositories/42/issues", match=asked)

    assert github().get(ISSUES, {"state": "all"}).status == 200


@pytest.mark.parametrize(
    "location", ["https://evil.example/x", "http://api.github.com/x", "", "//evil.example/x", "http://["]
)
def test_the_token_follows_no_redirect_to_another_place(answers: RequestsMock, location: str) -> None:
    answers.post(f"{API}{ISSUES}", status=307, headers={"Location": location})

    with pytest.raises(Refused, match="an address elsewhere"):
        github().post(ISSUES, {})


def test_redirects_in_a_circle_are_refused(answers: RequestsMock) -> None:
    answers.post(f"{API}{ISSUES}", status=307, headers={"Location": "/b"})
    answers.post(f"{API}/b", status=307, headers={"Location": ISSUES})

    with pytest.raises(Refused, match="circle"):
        github().post(ISSUES, {})


def test_an_api_version_that_will_end_is_announced(answers: RequestsMock, caplog: pytest.LogCaptureFixture) -> None:
    answers.get(f"{API}/user", headers={"Sunset": "Fri, 10 Mar 2028 00:00:00 GMT"})

    github().get("/user")

    (record,) = caplog.records
    assert record.getMessage() == "api_version_ends"
    assert record.__dict__["sunset"] == "Fri, 10 Mar 2028 00:00:00 GMT"


STATUSES = sampled_from([200, 204, 301, 302, 307, 308, 304, 400, 403, 408, 422, 429, 500, 503, 599])
NAMES = sampled_from(["Retry-After", "X-RateLimit-Reset", "X-RateLimit-Remaining", "Location", "Sunset"])
VALUES = sampled_from(["", "0", "-1", "1e9", "\u00b2", "NaN", "9" * 400, "/b", "http://[", "\u00ff"])


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(status=STATUSES, headers=dictionaries(NAMES, VALUES), body=binary(max_size=200))
def test_whatever_github_answers_the_outcome_is_one_of_four(status: int, headers: dict[str, str], body: bytes) -> None:
    with RequestsMock(assert_all_requests_are_fired=False) as answers:
        answers.post(f"{API}{ISSUES}", status=status, headers=headers, body=body)
        answers.post(f"{API}/b", status=status, headers=headers, body=body)
        try:
            answer = github().post(ISSUES, {})
        except (Postponed, Refused, Unknown) as outcome:
            assert str(outcome)  # noqa: PT017 - which of them it is depends on what was drawn
        else:
            assert answer.status // 100 == 2
