"""What a problem is now, when it will be reported again, because of which setting."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs

from booty.observability.alerts.issue import Standing
from booty.observability.alerts.problem import Problem
from booty.observability.config import Settings
from booty.observability.ledger.journal.entries import Line
from booty.observability.ledger.journal.story import Story
from booty.observability.ledger.schedule.jobs import Pause, Stop
from booty.observability.ops.journal.outlook import Outlook, outlook

NOW = 1_795_000_000.0
HOUR, DAY = 3600.0, 86400.0
REQUIRED = {"SENTRY_WEBHOOK_SECRET": "hush-hush-hush-hush", "TARGET_REPO_URL": "acme/shop", "GITHUB_TOKEN": "token"}
PROBLEM = Problem(issue=12, count=3, first_seen=NOW - DAY, last_seen=NOW - HOUR, releases={})
FILED = Story("1:1", (), problem=PROBLEM, url="https://github.com/acme/shop/issues/12", claimed_at=NOW - HOUR)
BELOW = Line(NOW, "1:1", "below_severity", threshold="error", severity="info", category="performance")


def seen(story: Story, **settings: str) -> Outlook:
    """Return the outlook under some settings."""
    return outlook(story, Settings.load(REQUIRED | settings), now=NOW)


def test_an_open_issue_speaks_again_after_the_cooldown() -> None:
    view = seen(FILED, OBSV_COOLDOWN_HOURS="4")

    assert (view.state, view.at, view.settings) == ("open", NOW + 3 * HOUR, ("OBSV_COOLDOWN_HOURS",))
    assert view.now == "#12 is open; seen 3 times, last 2026-11-18T10:06:40+00:00 (1 h ago)"
    assert "its next alert updates #12 from 2026-11-18T14:06:40+00:00 (in 3 h) on (OBSV_COOLDOWN_HOURS=4)" in view.next
    assert "a release that is new to it, or of a worse level" in view.next


def test_after_the_cooldown_its_next_alert_is_told_at_once() -> None:
    view = seen(replace(FILED, claimed_at=NOW - 7 * HOUR))

    assert (view.next, view.at) == ("its next alert updates #12 at once", NOW)


def test_a_closed_issue_is_reopened_within_the_window_by_what_speaks_against_the_fix() -> None:
    view = seen(replace(FILED, standing=Standing(closed_at=NOW - DAY)), OBSV_REOPEN_WINDOW_DAYS="2")

    assert (view.state, view.settings) == ("closed", ("OBSV_REOPEN_WINDOW_DAYS",))
    assert "#12 was closed 2026-11-17T11:06:40+00:00 (1 d ago)" in view.now
    assert "reopens #12 until 2026-11-19T11:06:40+00:00 (in 1 d)" in view.next


def test_after_the_window_another_issue_is_made() -> None:
    view = seen(replace(FILED, standing=Standing(closed_at=NOW - 3 * DAY)), OBSV_REOPEN_WINDOW_DAYS="2")

    assert "makes another issue: #12 was closed longer ago than OBSV_REOPEN_WINDOW_DAYS=2" in view.next


@pytest.mark.parametrize(
    ("watched", "said"),
    [
        (0.0, "it is called verified when a release that came after the closing has been live that long"),
        (5 * DAY, "it is called verified 2026-11-20T11:06:40+00:00 (in 2 d), if it stays quiet and something is heard"),
    ],
)
def test_a_closed_one_is_verified_after_so_many_quiet_days(watched: float, said: str) -> None:
    story = replace(FILED, standing=Standing(closed_at=NOW - 6 * DAY), watched=watched)
    view = seen(story, OBSV_VERIFY_DAYS="7")

    assert said in view.next
    assert view.next.endswith("(OBSV_VERIFY_DAYS=7)")
    assert view.settings == ("OBSV_REOPEN_WINDOW_DAYS", "OBSV_VERIFY_DAYS")
    assert "verified" not in seen(story).next


def test_a_verified_one_says_so() -> None:
    story = replace(FILED, standing=Standing(closed_at=NOW - 9 * DAY), is_verified=True)

    assert seen(story, OBSV_VERIFY_DAYS="7").now.endswith("; verified fixed")


def test_a_muted_one_waits_for_a_person() -> None:
    view = seen(replace(FILED, standing=Standing(is_muted=True)))

    assert (view.state, view.at) == ("muted", None)
    assert "booty:mute" in view.next


def test_where_issues_are_not_followed_the_next_alert_makes_another() -> None:
    view = seen(FILED, OBSV_FOLLOW="0")

    assert (view.state, view.settings) == ("filed", ("OBSV_COOLDOWN_HOURS", "OBSV_FOLLOW"))
    assert "makes another issue, from 2026-11-18T16:06:40+00:00 (in 5 h) on (OBSV_COOLDOWN_HOURS=6)" in view.next


@pytest.mark.parametrize(
    ("hold_up", "words"),
    [
        ({}, "it is delivered within seconds"),
        ({"pause": Pause(NOW + 60, "GitHub limits the rate")}, "paused until 2026-11-18T11:07:40+00:00 (in 1 min)"),
        ({"stop": Stop("401", "set a new token", NOW, 1, NOW + 60)}, "deliveries are stopped: 401; set a new token"),
    ],
)
def test_one_that_waits_says_for_what(hold_up: dict[str, Pause | Stop], words: str) -> None:
    view = seen(replace(FILED, is_owed=True, is_doubtful=True, **hold_up))  # type: ignore[arg-type]  # by its name

    assert view.state == "owed"
    assert words in view.next
    assert "its outcome is not known yet" in view.now


@pytest.mark.parametrize(
    ("settings", "name", "least"),
    [
        ({}, "OBSV_MIN_SEVERITY", "error"),
        ({"OBSV_MIN_SEVERITY": "fatal"}, "OBSV_MIN_SEVERITY", "fatal"),
        ({"OBSV_MIN_SEVERITY_PERFORMANCE": "warning"}, "OBSV_MIN_SEVERITY_PERFORMANCE", "warning"),
        ({"OBSV_MIN_SEVERITY_FEEDBACK": "warning"}, "OBSV_MIN_SEVERITY", "error"),
    ],
)
def test_what_is_below_severity_names_the_setting_that_is_in_force(
    settings: dict[str, str], name: str, least: str
) -> None:
    view = seen(Story("1:1", (BELOW,)), **settings)

    assert (view.state, view.settings) == ("below_severity", (name,))
    assert f"{least} or worse is filed ({name}={least})" in view.next


def test_a_problem_that_no_alert_came_of_asks_for_a_rule() -> None:
    view = seen(Story("1:1", (Line(NOW, "1:1", "not_handled", change="created", because="no_issue"),)))

    assert view.state == "no_alert"
    assert "whether a rule in Sentry sends it" in view.next


def test_what_is_about_the_service_itself_is_never_filed() -> None:
    assert seen(Story("1:1", (Line(NOW, "1:1", "not_handled"),))).next == "never"


def test_one_that_needs_another_alert_for_its_issue_waits_for_it() -> None:
    assert seen(replace(FILED, problem=replace(PROBLEM, issue=None))).state == "waiting"


@pytest.mark.parametrize(("digest", "issue"), [(7, "#7"), (0, "an issue that is yet to be made")])
def test_one_that_came_again_in_a_storm_waits_for_its_end(digest: int, issue: str) -> None:
    held = replace(FILED, problem=replace(PROBLEM, issue=None), is_owed=True, digest=digest)

    view = seen(held)
    assert (view.state, view.settings) == ("owed", ("OBSV_STORM",))
    assert view.now.endswith(f"whose problems share {issue}")
    assert "once no new problem has come for as long as OBSV_STORM says" in view.next
    assert "within seconds" in seen(replace(held, is_doubtful=True)).next


def test_what_a_route_sets_is_named_as_the_routes() -> None:
    below = structs.replace(BELOW, threshold="fatal", route=12, min_severity="fatal")
    accepted = Line(NOW, "1:1", "accepted", route=9, cooldown_hours=24)

    ignored, filed = seen(Story("1:1", (below,))), seen(replace(FILED, lines=(accepted,)))

    assert ignored.next == (
        "an alert of it that is fatal or worse is filed (min_severity = 'fatal' of the route in line 12 of OBSV_ROUTES)"
    )
    assert (ignored.settings, filed.settings) == (("OBSV_ROUTES",), ("OBSV_ROUTES",))
    assert filed.at == NOW + 23 * HOUR
    assert "on (cooldown_hours = 24 of the route in line 9 of OBSV_ROUTES)" in filed.next


def test_what_a_route_does_not_set_is_named_as_ours() -> None:
    below = structs.replace(BELOW, category="error", route=12)
    accepted = Line(NOW, "1:1", "accepted", route=9)

    assert seen(Story("1:1", (below,))).settings == ("OBSV_MIN_SEVERITY",)
    assert seen(replace(FILED, lines=(accepted,))).settings == ("OBSV_COOLDOWN_HOURS",)
