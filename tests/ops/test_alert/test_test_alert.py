"""`booty test-alert`: from a real address through a real service to a stand-in for GitHub."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.operator import Done, run
from support.sentry_stand_in import SentryStandIn
from support.service import SECRET, Service
from support.set_up import SetUpStandIn
from support.stand_in import Call, Fault, StandIn, says

ACCEPTED = {"status": "accepted", "fingerprint": "booty.test:1"}


class Front(StandIn):
    """What answers at the public address in place of the service."""

    def __init__(self, answer: Fault) -> None:
        super().__init__()
        self.given = answer

    def judge(self, call: Call) -> Fault:
        """See `StandIn.judge`."""
        del call
        return self.given


@pytest.fixture
def github() -> Iterator[SetUpStandIn]:
    with SetUpStandIn() as github:
        yield github


def send(state: Path, github: SetUpStandIn, url: str, *arguments: str, **changes: str) -> Done:
    environ = github.environ | {"SENTRY_WEBHOOK_SECRET": SECRET} | changes
    return run(state, "test-alert", "--url", url, *arguments, **environ)


def test_sends_an_alert_sees_its_issue_and_closes_it(tmp_path: Path, github: SetUpStandIn) -> None:
    with Service(tmp_path / "state", github.environ) as service:
        done = send(tmp_path, github, f"http://127.0.0.1:{service.port}")

    (issue,) = github.issues
    assert re.fullmatch(r"202 in \d+ ms, filed #1 in \d+\.\d s\n", done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert [label["name"] for label in issue["labels"]] == ["booty:test"]
    assert (issue["state"], issue["state_reason"]) == ("closed", "not_planned")
    assert issue["title"] == "[fatal] TestAlert in booty.test"


def test_says_which_labels_are_missing(tmp_path: Path, github: SetUpStandIn) -> None:
    github.labels.remove("agent:builder")

    with Service(tmp_path / "state", github.environ) as service:
        done = send(tmp_path, github, f"http://127.0.0.1:{service.port}/")

    assert re.fullmatch(r"202 in \d+ ms, filed #1 in \d+\.\d s, labels: agent:builder missing\n", done.stdout)
    assert done.returncode == 0


def test_labels_that_github_leaves_out_need_a_person(tmp_path: Path, github: SetUpStandIn) -> None:
    github.drop_labels()

    with Service(tmp_path / "state", github.environ) as service:
        done = send(tmp_path, github, f"http://127.0.0.1:{service.port}/webhooks/sentry", "--json")

    found = json.loads(done.stdout)
    assert done.returncode == 3
    assert (found["issue"], found["missing_labels"]) == (1, ["agent:builder", "booty:test"])
    assert [failure["check"] for failure in found["failures"]] == ["labels"]


def test_each_test_alert_makes_an_issue_of_its_own_whatever_the_threshold(tmp_path: Path, github: SetUpStandIn) -> None:
    with Service(tmp_path / "state", github.environ | {"OBSV_MIN_SEVERITY": "fatal"}) as service:
        codes = [send(tmp_path, github, f"http://127.0.0.1:{service.port}").returncode for _ in range(2)]

    assert codes == [0, 0]
    assert [issue["state"] for issue in github.issues] == ["closed", "closed"]


def test_an_issue_that_github_never_shows_is_a_failure(tmp_path: Path, github: SetUpStandIn) -> None:
    with Front(says(202, ACCEPTED)) as front:
        done = send(tmp_path, github, front.api_url, "--wait", "0")

    assert done.returncode == 3
    assert done.stdout.startswith("202 in ")
    assert "FAIL  issue  accepted, but no issue on GitHub: not seen within 0 s  ->  booty doctor" in done.stdout


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_a_failure_since_sentry_would_count_it_as_delivered(
    tmp_path: Path, github: SetUpStandIn, status: int
) -> None:
    with Front(Fault(status, {"Location": "https://alerts.example.com/webhooks/sentry/"})) as front:
        done = send(tmp_path, github, front.api_url)

    assert done.returncode == 3
    assert f"{status} to https://alerts.example.com/webhooks/sentry/: Sentry would count it as delivered" in done.stdout
    assert github.calls == []


def test_an_answer_after_sentrys_second_is_a_failure_although_it_came(tmp_path: Path, github: SetUpStandIn) -> None:
    slow = says(202, ACCEPTED)

    with Front(Fault(202, body=slow.body, manner="trickle")) as front:
        done = send(tmp_path, github, front.api_url, "--wait", "0")

    assert done.returncode == 3
    assert re.search(r"FAIL  answer  it took \d\.\d s: Sentry waits one second", done.stdout)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (says(401, {"error": "invalid_signature"}), "set SENTRY_WEBHOOK_SECRET to the same"),
        (says(404, {}), "let /webhooks/sentry through"),
        (Fault(413), "client_max_body_size 2m"),
        (Fault(502, body=b"<h1>\x1b[31mBad Gateway</h1>"), "start the service"),
        (says(503, {"error": "not_stored"}), "booty doctor"),
        (says(200, {"status": "ignored", "reason": "not_handled"}), "restart it with this release"),
        (says(200, {"hello": "world"}), "let the address lead to the service"),
        (Fault(200, body=b"<html>"), "let the address lead to the service"),
    ],
)
def test_any_other_answer_is_a_failure_with_what_to_do(
    tmp_path: Path, github: SetUpStandIn, answer: Fault, words: str
) -> None:
    with Front(answer) as front:
        done = send(tmp_path, github, front.api_url)

    assert done.returncode == 3
    assert words in done.stdout
    assert all(line.isprintable() for line in done.stdout.splitlines())


def test_an_address_where_nobody_answers_cannot_be_reached(tmp_path: Path, github: SetUpStandIn) -> None:
    done = send(tmp_path, github, "http://127.0.0.1:1")

    assert done.returncode == 69
    assert "No answer from http://127.0.0.1:1/webhooks/sentry" in done.stderr


@pytest.mark.parametrize(
    "url", ["", "shop.example.com", "ftp://shop.example.com", "https://", "http://user@shop.example.com"]
)
def test_without_an_address_it_is_wrong_usage(tmp_path: Path, github: SetUpStandIn, url: str) -> None:
    assert send(tmp_path, github, url).returncode == 2


def test_without_an_address_it_is_the_one_that_sentry_has(tmp_path: Path, github: SetUpStandIn) -> None:
    with SentryStandIn() as sentry, Front(Fault(503)) as front:
        sentry.app["webhookUrl"] = f"{front.api_url}/alerts/webhooks/sentry"
        environ = github.environ | sentry.environ | {"SENTRY_WEBHOOK_SECRET": SECRET}
        done = run(tmp_path, "test-alert", **environ)

    assert done.returncode == 3
    assert [call.path for call in front.calls] == ["/alerts/webhooks/sentry"]


def test_where_nobody_names_an_address_it_is_wrong_usage(tmp_path: Path, github: SetUpStandIn) -> None:
    with SentryStandIn(scopes=frozenset()) as sentry:
        done = run(tmp_path, "test-alert", **github.environ | sentry.environ)

    assert done.returncode == 2
    assert "--url https://YOUR.SERVER" in done.stderr


def test_without_a_secret_the_settings_are_wrong(tmp_path: Path, github: SetUpStandIn) -> None:
    done = send(tmp_path, github, "http://127.0.0.1:1", SENTRY_WEBHOOK_SECRET="")

    assert done.returncode == 78


def test_in_preview_no_issue_could_arrive(tmp_path: Path, github: SetUpStandIn) -> None:
    assert send(tmp_path, github, "http://127.0.0.1:1", BOOTY_PREVIEW="1").returncode == 78


def test_the_token_is_not_sent_to_the_public_address(tmp_path: Path, github: SetUpStandIn) -> None:
    with Front(Fault(503)) as front:
        send(tmp_path, github, front.api_url)

    (call,) = front.calls
    assert "Authorization" not in call.headers
