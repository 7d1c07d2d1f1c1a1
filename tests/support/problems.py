"""A problem with the issue that it has, as tests of an issue's life need them."""

from __future__ import annotations

from dataclasses import replace

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.issue import Issue
from booty.observability.alerts.problem import Problem
from booty.observability.alerts.severity import Severity
from booty.observability.issues.code.links import WebLinks
from booty.observability.issues.life.counter import counter_of
from booty.observability.issues.life.recurrence import on_recurrence
from booty.observability.issues.life.step import Rules, Step

NOW = 1_800_000_000.0
DAY = 24 * 3600.0
OLD, NEW = f"booty@{'a' * 40}", f"booty@{'b' * 40}"
RULES = Rules(
    window_seconds=30 * DAY, web=WebLinks("https://github.com/acme/shop"), trusted=frozenset({"a" * 40, "b" * 40})
)
ALERT = Alert(fingerprint="1:1", event="e2", severity=Severity.ERROR, release=OLD)
PROBLEM = Problem(
    issue=7,
    count=5,
    first_seen=NOW - DAY,
    last_seen=NOW,
    releases={OLD: NOW - DAY},
    told_count=1,
    told_releases=(OLD,),
    seen_before=NOW - 3600,
)
TRIGGER = "agent:builder"
OPEN = Issue(number=7, is_open=True, is_completed=False, closed_at=None, labels=("agent:builder",), body="")
DONE = replace(OPEN, is_open=False, is_completed=True, closed_at=NOW - 3600)


def problem(*, count: int = 5, **releases: float) -> Problem:
    """Build the problem with `count` alerts, first seen in the releases `old` and `new` at those times."""
    named = {"old": OLD, "new": NEW}
    return replace(
        PROBLEM, count=count, releases={named[name]: seen for name, seen in releases.items()} or PROBLEM.releases
    )


def issue(of: Issue, body: str = "") -> Issue:
    """Build an issue with the problem's counter block, unless with another `body`."""
    return replace(of, body=body or f"{counter_of(PROBLEM)}\n\nthe rest")


def recurring(one: Issue, known: Problem = PROBLEM, release: str | None = OLD) -> Step:
    """Decide what an alert of `release` does to the issue."""
    return on_recurrence(ALERT.but(release=release), known, one, RULES, now=NOW)
