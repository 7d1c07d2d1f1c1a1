"""The page says whether the pipe is well, what waits, what was refused, what was decided and why: in words, escaped."""

from __future__ import annotations

import html
import time
from pathlib import Path

import pytest
from flask import Flask
from support.alerts import alert
from support.hostile import TEXTS
from support.ledger_doors import Ledger
from support.operator import claim, run
from support.page_reader import show
from support.webhook import FINGERPRINT, alert_body, mount, post

from booty.observability.alerts.filters import Verdict
from booty.observability.alerts.issue import IssueRef
from booty.observability.alerts.routing.destination import Destination
from booty.observability.ledger.engines.ledger_file import LOCK
from booty.observability.ledger.schedule.jobs import FilingJob

WORDS = "422 Validation Failed: <b>title</b> is too long"


def text(state: Path, asked: str | None = None, /, **settings: str) -> str:
    """Return the page, unescaped, without its style."""
    shown = show(state, asked, **({"BOOTY_CANDIDATE": "0"} | settings))
    assert shown.status_code == 200
    return html.unescape(shown.text.partition("</style>")[2])


def leased(ledger: Ledger) -> FilingJob:
    job = ledger.queue.take(now=time.time())
    assert isinstance(job, FilingJob)
    return job


def file_it(ledger: Ledger) -> None:
    """Have the one alert that is owed filed as #12."""
    job = leased(ledger)
    ledger.queue.settle(job, IssueRef(12, "https://github.com/acme/shop/issues/12"), now=time.time())


def test_all_is_well_before_anything_came(tmp_path: Path) -> None:
    shown = text(tmp_path / "state")

    assert "The pipe is well" in shown
    assert "No ledger yet" in shown


def test_shows_what_came_and_what_became_of_it(tmp_path: Path) -> None:
    claim(Ledger(tmp_path), "1:1", at=time.time())
    assert "What waits" in text(tmp_path)

    file_it(Ledger(tmp_path))
    shown = text(tmp_path)

    assert "The pipe is well" in shown
    assert "What waits" not in shown
    assert "filed as #12" in shown
    assert '<a href="https://github.com/acme/shop/issues/12" rel="noreferrer">#12</a>' in shown
    assert "1 alerts in 7 days, at most 1 in an hour" in shown


def test_says_what_status_says_where_a_person_is_needed(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    claim(ledger, "1:1", at=time.time())
    ledger.queue.refuse(leased(ledger), WORDS, attempt=None, now=time.time())
    said = [line[2:] for line in run(tmp_path, "status").stdout.splitlines() if line.startswith("! ")]

    shown = text(tmp_path)

    assert said
    assert "A person is needed" in shown
    assert all(trouble in shown for trouble in said)
    assert WORDS in shown


def test_counts_what_the_days_budget_let_through(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    claim(ledger, "1:1", at=time.time())
    ledger.queue.handover.grant(leased(ledger), per_day=2, now=time.time())

    shown = text(tmp_path)

    assert "The pipe is well" in shown
    assert "<p>handed over today (UTC): 1; held back by the day's budget: 0</p>" in shown


def test_a_candidate_says_that_it_files_nothing(tmp_path: Path) -> None:
    shown = text(tmp_path, BOOTY_CANDIDATE="1")

    assert "The pipe is well" not in shown
    assert "FILES NOTHING" in shown


def test_says_so_where_the_ledger_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / LOCK).mkdir()

    assert "The ledger cannot be used" in text(tmp_path)


@pytest.mark.parametrize("asked", ["1:1", "#12", "https://github.com/acme/shop/issues/12"])
def test_tells_of_a_problem_what_why_tells(tmp_path: Path, asked: str) -> None:
    ledger = Ledger(tmp_path)
    claim(ledger, "1:1", at=time.time())
    file_it(ledger)
    told = [line for line in run(tmp_path, "why", asked).stdout.splitlines() if line.startswith(("now: ", "next: "))]

    shown = text(tmp_path, asked)

    assert f'value="{asked}"' in shown
    assert len(told) == 2
    assert all(line.partition(" (")[0].partition(": ")[2] in shown for line in told)


def test_links_the_issue_of_the_problem_that_is_asked_for_where_it_is(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    claim(ledger, "1:1", at=time.time())
    ledger.queue.settle(leased(ledger), IssueRef(3, "https://github.com/acme/till/issues/3"), now=time.time())

    assert '<a href="https://github.com/acme/till/issues/3" rel="noreferrer">on GitHub</a>' in text(tmp_path, "1:1")


def test_links_beside_each_other_are_words_apart(tmp_path: Path) -> None:
    app, ledger = mount(Flask("shop"), tmp_path).test_client(), Ledger(tmp_path)
    post(app, alert_body(web_url="https://acme.sentry.io/issues/1/"))
    ledger.queue.settle(leased(ledger), IssueRef(3, "https://github.com/acme/shop/issues/3"), now=time.time())

    shown = text(tmp_path, FINGERPRINT)

    assert "in Sentry</a> <a" in shown
    assert "</a><a" not in shown


def test_of_a_problem_that_nothing_is_known_of_the_commonest_causes(tmp_path: Path) -> None:
    shown = text(tmp_path, "SHOP-1")

    assert "SHOP-1: never heard of it here" in shown
    assert "booty reconcile --since 24h" in shown


def test_only_pages_of_the_sentry_that_is_set_are_linked(tmp_path: Path) -> None:
    app = mount(Flask("shop"), tmp_path).test_client()
    post(app, alert_body(web_url="https://acme.sentry.io/issues/1/"))
    post(app, alert_body(issue_id="2", web_url="https://sentry.io.evil.example/issues/2/"))

    shown = text(tmp_path)

    assert 'href="https://acme.sentry.io/issues/1/"' in shown
    assert "evil.example" not in shown


@pytest.mark.parametrize("hostile", [*TEXTS, '"><script>alert(1)</script>', "{{ 7 * 7 }}", "x" * 5000])
def test_hostile_text_stays_text_wherever_it_stands(tmp_path: Path, hostile: str) -> None:
    app = mount(Flask("shop"), tmp_path).test_client()
    fields = ("title", "project", "release", "culprit", "message", "event_id", "platform")
    post(app, alert_body(**dict.fromkeys(fields, hostile)))
    ledger = Ledger(tmp_path)
    ledger.queue.refuse(leased(ledger), hostile, attempt=None, now=time.time())

    for asked in (hostile.encode(errors="replace").decode(), FINGERPRINT, None):
        shown = show(tmp_path, asked)
        assert shown.status_code == 200
        own = shown.text.partition("</style>")[2].lower()
        assert not any(tag in own for tag in ("<script", "<img", "<b>", "<iframe", "<!--", "javascript:alert(1)>"))
        assert all(char.isprintable() or char == "\n" for char in own)


def test_an_issue_of_another_repository_is_named_and_linked_there(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, repository="acme/shop")
    one = alert(fingerprint="1:1")
    ledger.claims.claim(one, lambda _: Verdict.ACCEPTED, destination=Destination("acme/web"), now=time.time())
    ledger.queue.settle(leased(ledger), IssueRef(3, "https://github.com/acme/web/issues/3"), now=time.time())

    shown = text(tmp_path)

    assert '<a href="https://github.com/acme/web/issues/3" rel="noreferrer">acme/web#3</a>' in shown
    assert '<a href="?q=1%3A1%40acme%3Aweb#why">1:1@acme/web</a>' in shown
    assert "now" in text(tmp_path, "1:1@acme:web")


def test_an_issue_of_the_former_repository_is_linked_there(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, repository="acme/former")
    claim(ledger, "1:1", at=time.time())
    ledger.queue.settle(leased(ledger), IssueRef(3, "https://github.com/acme/former/issues/3"), now=time.time())

    assert '<a href="https://github.com/acme/former/issues/3" rel="noreferrer">#3</a>' in text(tmp_path)
