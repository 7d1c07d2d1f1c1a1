"""Problems of several repositories as the operator sees them: told apart, found by any of their names."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from support.alerts import alert
from support.ledger_doors import Ledger
from support.operator import run

from booty.observability.alerts.filters import Verdict
from booty.observability.alerts.issue import IssueRef
from booty.observability.alerts.routing.destination import HERE, Destination
from booty.observability.ledger.schedule.jobs import FilingJob

SHOP, WEB = "acme/shop", "acme/web"
AT_SHOP, AT_WEB = "1:42", "1:42@acme/web"
SHORT = "SHOP-4F"


def claim(ledger: Ledger, fingerprint: str, to: Destination, *, event: str) -> None:
    one = alert(fingerprint=fingerprint, event=event)
    ledger.claims.claim(one, lambda _: Verdict.ACCEPTED, destination=to, now=time.time())


def file(ledger: Ledger, to: str, number: int) -> None:
    now = time.time() + 100
    job = ledger.queue.take(now=now)
    assert isinstance(job, FilingJob)
    ledger.queue.settle(job, IssueRef(number, f"https://github.com/{to}/issues/{number}"), now=now - 99)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Return a ledger with one problem in two repositories, and another one in the second alone."""
    ledger = Ledger(tmp_path, repository=SHOP)
    for fingerprint, to, where, number in (
        ("1:42", HERE, SHOP, 7),
        ("1:42", Destination(WEB), WEB, 7),
        ("1:43", Destination(WEB), WEB, 8),
    ):
        claim(ledger, fingerprint, to, event=f"{number}{where}".replace("/", "."))
        file(ledger, where, number)
    return ledger


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("1:42", AT_SHOP),
        ("1:42@acme/web", AT_WEB),
        ("1:42@Acme/Web", AT_WEB),
        ("#7", AT_SHOP),
        ("#8", "1:43@acme/web"),
        ("acme/shop#7", AT_SHOP),
        ("acme/web#7", AT_WEB),
        ("Acme/Web#7", AT_WEB),
        ("acme/renamed#7", AT_SHOP),
        ("https://github.com/acme/shop/issues/7", AT_SHOP),
        ("https://github.com/acme/web/issues/7", AT_WEB),
        ("https://github.com/Acme/Web/issues/8#issuecomment-1", "1:43@acme/web"),
        ("1:43", "1:43@acme/web"),
        ("43", "1:43@acme/web"),
        ("8acme.web", "1:43@acme/web"),
    ],
)
def test_a_problem_is_found_by_any_of_its_names(tmp_path: Path, ledger: Ledger, asked: str, found: str) -> None:
    del ledger

    assert json.loads(run(tmp_path, "why", asked, "--json").stdout)["fingerprint"] == found


@pytest.mark.parametrize(
    "asked", ["acme/web#9", "https://github.com/acme/web/issues/9", "1:42@acme/other", "@", "1:42@"]
)
def test_a_number_of_one_repository_is_never_taken_for_one_of_another(
    tmp_path: Path, ledger: Ledger, asked: str
) -> None:
    claim(ledger, "1:44", HERE, event="z")
    file(ledger, SHOP, 9)

    assert run(tmp_path, "why", asked).returncode == 1


def test_the_story_names_the_repository_and_where_else_the_problem_is(tmp_path: Path, ledger: Ledger) -> None:
    del ledger
    told = run(tmp_path, "why", AT_WEB).stdout
    machine = json.loads(run(tmp_path, "why", AT_SHOP, "--json").stdout)

    assert told.startswith("1:42@acme/web\n")
    assert "filed as acme/web#7" in told
    assert "now: acme/web#7 is open" in told
    assert "the same problem elsewhere: booty why 1:42\n" in told
    assert (machine["elsewhere"], "repository" in machine) == ([AT_WEB], False)


def test_the_log_tells_repositories_apart(tmp_path: Path, ledger: Ledger) -> None:
    del ledger
    lines = [json.loads(line) for line in run(tmp_path, "log", "--json").stdout.splitlines()]

    assert [(line["fingerprint"], line.get("repository")) for line in lines] == [
        (AT_SHOP, None),
        (AT_WEB, WEB),
        ("1:43@acme/web", WEB),
    ]
    assert [line.split("  ")[1] for line in run(tmp_path, "log").stdout.splitlines()] == [
        AT_SHOP,
        AT_WEB,
        "1:43@acme/web",
    ]


def test_what_was_refused_is_retried_by_the_name_that_status_shows(tmp_path: Path, ledger: Ledger) -> None:
    claim(ledger, "1:45", Destination(WEB), event="r")
    now = time.time() + 200
    job = ledger.queue.take(now=now)
    assert isinstance(job, FilingJob)
    ledger.queue.refuse(job, "GitHub answered 422", attempt=None, now=now)

    [letter] = json.loads(run(tmp_path, "status", "--json").stdout)["refused"]
    asked = [run(tmp_path, "retry", name).returncode for name in ("1:45@acme/shop", letter["fingerprint"])]

    assert (letter["fingerprint"], letter["repository"]) == ("1:45@acme/web", WEB)
    assert asked == [1, 0]
    assert json.loads(run(tmp_path, "status", "--json").stdout)["waiting"][0]["repository"] == WEB
