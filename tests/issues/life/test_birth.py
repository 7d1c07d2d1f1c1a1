"""A new issue says what, where, how often, and whose place it takes."""

from __future__ import annotations

from dataclasses import replace

from support import alerts, hostile
from support.problems import ALERT, NOW, PROBLEM
from support.rendered import skeletons

from booty.observability.issues.life.birth import begin
from booty.observability.issues.life.counter import recount
from booty.observability.issues.life.step import Ending
from booty.observability.issues.page.body import render
from booty.observability.issues.page.notice import OF_AN_ISSUE


def test_an_issue_says_in_its_first_ten_lines_what_where_in_which_release_how_often_and_the_exception() -> None:
    told = alerts.python_chained()
    new = replace(PROBLEM, issue=None, count=1, releases={alerts.RELEASE: NOW})

    lines = begin(render(told, trigger_label="agent:builder"), new).body.split("\n")[:10]
    assert lines[0] == (
        f"`OrderMissing` raised at `shop/store.py:15` in `total`, unhandled, in release `{alerts.RELEASE}`,"
        " on `production`, at 2026-11-23 09:48:11 UTC."
    )
    assert lines[1:] == [
        "<!-- booty:counter -->",
        "**Seen once**.",
        "<!-- /booty:counter -->",
        "",
        OF_AN_ISSUE,
        "",
        "### Exception",
        "```",
        "OrderMissing: no order '99'",
    ]


def test_an_issue_says_its_release_and_its_time_once() -> None:
    told = alerts.python_chained()
    new = replace(PROBLEM, issue=None, count=1, releases={alerts.RELEASE: NOW})

    body = begin(render(told, trigger_label="agent:builder"), new).body
    assert body.count(alerts.RELEASE) == 1
    assert body.count("2026-11-23") == 1


def test_the_counter_of_a_new_issue_is_found_again_whatever_its_alert_holds() -> None:
    for text in (*hostile.TEXTS, *hostile.GRAMMAR):
        draft = begin(render(alerts.hostile([f"{text}x"]), trigger_label="agent:builder"), PROBLEM)

        assert recount(draft.body, "here it was").count("here it was") == 1
        assert skeletons(draft.body) == skeletons(
            begin(render(alerts.hostile(["x"]), trigger_label="agent:builder"), PROBLEM).body
        )


def test_a_new_issue_says_truly_what_became_of_the_one_before() -> None:
    def told(ending: Ending | None) -> str:
        return begin(render(ALERT, trigger_label="agent:builder"), PROBLEM, ending).body

    assert "This was #7 before, which was deleted." in told("deleted")
    assert "This was #7 before, which can no longer be read." in told("missing")
    assert "before" not in told(None)
