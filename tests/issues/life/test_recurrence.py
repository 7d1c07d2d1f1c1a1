"""The life of an issue, decided: pure functions, one situation a test."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support import alerts, hostile
from support.rendered import skeletons

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.issue import MUTE, Closer, Issue
from booty.observability.alerts.problem import Problem, SentryCount
from booty.observability.alerts.severity import Severity
from booty.observability.alerts.status_change import StatusChange
from booty.observability.issues.code.links import WebLinks
from booty.observability.issues.draft import marker_of
from booty.observability.issues.edit import Edit
from booty.observability.issues.life.birth import begin
from booty.observability.issues.life.counter import counter_of, recount
from booty.observability.issues.life.edits import REGRESSION
from booty.observability.issues.life.recurrence import compared, on_recurrence
from booty.observability.issues.life.status_change import on_status_change
from booty.observability.issues.life.step import SILENT, Ending, Rules, Step, standing_after
from booty.observability.issues.life.worse_level import fingerprint_of
from booty.observability.issues.page.body import render
from booty.observability.issues.page.headline import title
from booty.observability.issues.page.notice import OF_AN_ISSUE

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
    named = {"old": OLD, "new": NEW}
    return replace(
        PROBLEM, count=count, releases={named[name]: seen for name, seen in releases.items()} or PROBLEM.releases
    )


def issue(of: Issue, body: str = "") -> Issue:
    return replace(of, body=body or f"{counter_of(PROBLEM)}\n\nthe rest")


def recurring(one: Issue, known: Problem = PROBLEM, release: str | None = OLD) -> Step:
    return on_recurrence(ALERT.model_copy(update={"release": release}), known, one, RULES, now=NOW)


def test_an_open_issue_gets_its_counter_edited_and_no_comment() -> None:
    known = problem(count=6)

    assert recurring(issue(OPEN), known) == Step(Edit(body=f"{counter_of(known)}\n\nthe rest"))


def test_nothing_is_edited_where_people_removed_the_counter() -> None:
    assert recurring(issue(OPEN, "theirs alone"), problem(count=6)) == Step()


def test_a_new_release_is_told_with_what_changed_since() -> None:
    comment = recurring(issue(OPEN), problem(count=6, old=NOW - DAY, new=NOW), NEW).comment

    assert comment == (
        f"Also seen in release `{NEW}` ([changes since](https://github.com/acme/shop/compare/{'a' * 40}...{'b' * 40}));"
        " seen 6 times so far."
    )


@pytest.mark.parametrize("trusted", [set(), {"a" * 40}, {"b" * 40}])
def test_no_comparison_is_linked_with_a_commit_that_is_not_trusted(trusted: set[str]) -> None:
    rules = replace(RULES, trusted=frozenset(trusted))
    known = problem(count=6, old=NOW - DAY, new=NOW)
    comments = [on_recurrence(ALERT, known, issue(one), rules, now=NOW).comment for one in (OPEN, DONE)]

    assert all(comment and f"in release `{NEW}`" in comment and "compare" not in comment for comment in comments)


def test_what_may_be_compared_are_the_commits_of_the_release_told_last_and_the_newest() -> None:
    known = problem(old=NOW - DAY, new=NOW)

    assert compared(ALERT, known) == {"a" * 40, "b" * 40}
    assert compared(ALERT, PROBLEM) == set()
    assert compared(ALERT.model_copy(update={"release": "shop@1.2"}), PROBLEM) == set()


def test_a_release_that_came_during_the_cooldown_is_told_by_the_next_alert_of_any_release() -> None:
    comment = recurring(issue(OPEN), problem(count=6, old=NOW - DAY, new=NOW - 60), OLD).comment

    assert comment is not None
    assert comment.startswith(f"Also seen in release `{NEW}` ([changes since](")


@pytest.mark.parametrize(("told", "count", "said"), [(1, 9, None), (1, 10, "10"), (8, 40, "40"), (99, 1_000, "1,000")])
def test_a_round_number_is_told_once(told: int, count: int, said: str | None) -> None:
    known = replace(PROBLEM, count=count, told_count=told)

    assert recurring(issue(OPEN), known).comment == (said and f"Seen {said} times so far.")


def test_a_regression_reopens_the_issue_with_a_label_and_a_comment() -> None:
    step = recurring(issue(DONE), problem(count=6, old=NOW - DAY, new=NOW), NEW)

    assert (step.edit.state, step.edit.add_labels) == ("open", (REGRESSION, TRIGGER))
    assert step.comment is not None
    assert step.comment.startswith(f"**Regressed** in release `{NEW}` ([changes since](")
    assert step.comment.endswith("It was last seen on 2027-01-15 07:00 UTC; seen 6 times so far.")


def test_a_regression_is_handed_over_again_the_label_taken_off_first_where_it_is_on() -> None:
    still_on = recurring(issue(DONE), problem(new=NOW), NEW).edit
    off = recurring(replace(issue(DONE), labels=()), problem(new=NOW), NEW).edit

    assert (still_on.remove_labels, TRIGGER in still_on.add_labels) == ((TRIGGER,), True)
    assert (off.remove_labels, TRIGGER in off.add_labels) == ((), True)


def test_a_regression_during_the_cooldown_is_told_by_the_next_alert_of_any_release() -> None:
    step = recurring(issue(DONE), problem(count=6, old=NOW - DAY, new=NOW - 60), OLD)

    assert step.edit.state == "open"
    assert step.comment is not None
    assert step.comment.startswith(f"**Regressed** in release `{NEW}` ([changes since](")


def test_a_second_regression_keeps_the_one_label() -> None:
    step = recurring(replace(issue(DONE), labels=("agent:builder", "Regression")), problem(new=NOW), NEW)

    assert (step.edit.state, step.edit.add_labels) == ("open", (TRIGGER,))


def test_an_event_without_a_release_reopens_for_it_may_hold_the_fix() -> None:
    assert recurring(issue(DONE), PROBLEM, None).edit.state == "open"


def test_an_event_of_a_release_that_was_out_before_the_closing_never_reopens() -> None:
    assert recurring(issue(DONE), problem(old=NOW - DAY)) == SILENT
    assert recurring(replace(issue(DONE), closed_at=NOW - 300 * DAY), problem(old=NOW - 301 * DAY)) == SILENT


def test_a_release_that_another_problem_was_seen_in_before_the_closing_never_reopens() -> None:
    known = replace(problem(old=NOW - DAY), release_seen_at=NOW - 2 * 3600)

    assert recurring(issue(DONE), known, NEW) == SILENT
    assert recurring(issue(DONE), replace(known, release_seen_at=NOW - 60), NEW).edit.state == "open"


def test_an_event_from_before_the_closing_never_reopens() -> None:
    known = replace(PROBLEM, happened_at=NOW - 3601)

    assert recurring(issue(DONE), known, None) == SILENT
    assert recurring(issue(DONE), replace(known, happened_at=NOW - 3600), None).edit.state == "open"


def test_what_came_after_it_was_resolved_in_sentry_reopens_though_github_closed_it_later() -> None:
    known = replace(PROBLEM, happened_at=NOW - 3601, is_back=True)

    assert recurring(issue(DONE), known, None).edit.state == "open"


def test_the_alert_that_was_waited_for_makes_a_new_issue_in_whatever_release() -> None:
    closed = replace(issue(DONE), closed_at=NOW - 31 * DAY)

    assert recurring(closed, replace(PROBLEM, is_awaited=True, happened_at=NOW)) == Step(is_replaced=True)


WORSE = replace(PROBLEM, worst=Severity.FATAL, told_severity=Severity.ERROR)
LABELLED = replace(OPEN, labels=("agent:builder", "severity:error"), title="[error] ValueError in shop/cart.py:42")


def test_a_worse_level_is_told_and_label_and_title_follow() -> None:
    step = recurring(issue(LABELLED), WORSE)

    assert step.comment == "Worse than before: fatal, was error."
    assert (step.edit.remove_labels, step.edit.add_labels) == (("severity:error",), ("severity:fatal",))
    assert step.edit.title == "[fatal] ValueError in shop/cart.py:42"


@pytest.mark.parametrize("own", ["mine", "[error] mine"])
def test_a_title_that_a_person_wrote_does_not_follow(own: str) -> None:
    known = replace(WORSE, title=fingerprint_of(LABELLED.title))
    step = recurring(replace(issue(LABELLED), title=own), known)

    assert (step.edit.title, step.edit.add_labels) == (None, ("severity:fatal",))


def test_a_title_that_a_lost_attempt_wrote_is_known_for_ours() -> None:
    known = replace(WORSE, title=fingerprint_of("[error] KeyError in a.py"))

    ours = replace(OPEN, title="[fatal] KeyError in a.py")
    assert on_recurrence(ALERT, known, ours, RULES, now=NOW).edit.title == ours.title
    assert on_recurrence(ALERT, known, replace(ours, title="[fatal] All is lost"), RULES, now=NOW).edit.title is None


def test_a_metrics_title_follows_in_sentrys_words() -> None:
    metric = ALERT.model_copy(update={"kind": "metric", "severity": Severity.FATAL, "title": "Critical: p95"})
    known = replace(PROBLEM, worst=Severity.FATAL, told_severity=Severity.WARNING)
    step = on_recurrence(metric, known, replace(issue(OPEN), title="[warning] Warning: p95"), RULES, now=NOW)

    assert step.edit.title == title(metric)
    assert step.comment == "Worse than before: critical, was warning."


def test_a_level_that_is_no_worse_is_not_told() -> None:
    assert recurring(issue(LABELLED), replace(WORSE, worst=Severity.ERROR)).edit == Edit()
    assert recurring(issue(LABELLED), replace(WORSE, told_severity=None)).edit == Edit()


def test_an_issue_closed_long_ago_is_replaced_by_one_that_links_it() -> None:
    step = recurring(replace(issue(DONE), closed_at=NOW - 31 * DAY), problem(new=NOW), NEW)

    assert step == Step(is_replaced=True)
    draft = begin(render(ALERT, trigger_label="agent:builder"), PROBLEM, "closed")
    assert "This was #7 before, which was closed long ago." in draft.body
    assert marker_of(draft.body) == marker_of(draft.marker)


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


@pytest.mark.parametrize(
    ("closer", "named"),
    [
        (Closer(pull=12), "closed as completed by #12."),
        (Closer(commit="c" * 40), f"completed by [`cccccccccc`]({RULES.web.base}/commit/{'c' * 40})."),
        (Closer(), "closed as completed."),
    ],
)
def test_a_regression_names_what_closed_the_issue(closer: Closer, named: str) -> None:
    step = recurring(replace(issue(DONE), closer=closer), problem(new=NOW), NEW)

    assert step.names_closer
    assert named in (step.comment or "")


@pytest.mark.parametrize(
    "muted",
    [
        replace(OPEN, labels=(MUTE,)),
        replace(OPEN, labels=(MUTE.upper(),)),
        replace(OPEN, is_open=False, closed_at=NOW - 60),
        replace(DONE, labels=(MUTE,)),
        replace(OPEN, is_open=False, closed_at=NOW - 60, state_reason="duplicate", is_closed_by_bot=True),
    ],
)
def test_a_muted_issue_stays_silent(muted: Issue) -> None:
    assert recurring(issue(muted), problem(count=100, new=NOW), NEW) == SILENT


def test_a_bot_that_tidies_up_mutes_nothing() -> None:
    stale = replace(OPEN, is_open=False, closed_at=NOW - 60, state_reason="not_planned", is_closed_by_bot=True)

    step = recurring(issue(stale), problem(new=NOW), NEW)

    assert step.edit.state == "open"
    assert "after this issue was closed as not planned by a bot. " in (step.comment or "")


def news(change: str, **rest: object) -> StatusChange:
    return StatusChange.model_validate({"fingerprint": "1:1", "change": change, "key": "k", **rest})


def heeded(one: StatusChange, of: Issue, known: Problem = PROBLEM) -> Step:
    return on_status_change(one, known, of, RULES, now=NOW)


def test_resolved_in_sentry_closes_with_who_and_the_release() -> None:
    step = heeded(news("resolved", actor="@ada", release=NEW), OPEN)

    assert step == Step(Edit(state="completed"), f"Resolved in Sentry by `@ada` in release `{NEW}`.")


def test_unresolved_in_sentry_by_a_person_reopens_unmutes_and_hands_over() -> None:
    edit = heeded(news("unresolved", by_person=True), replace(DONE, labels=("a", MUTE))).edit

    assert edit == Edit(state="open", remove_labels=(MUTE,), add_labels=(TRIGGER,))


def test_sentrys_own_regression_reopens_what_was_completed() -> None:
    step = heeded(news("unresolved", is_regression=True), DONE)

    assert step.edit == Edit(state="open", remove_labels=(TRIGGER,), add_labels=(REGRESSION, TRIGGER))
    assert step.comment == "Seen again in Sentry after it was resolved."


@pytest.mark.parametrize("change", ["unresolved", "resolved"])
@pytest.mark.parametrize("of", [replace(OPEN, labels=(MUTE,)), replace(OPEN, is_open=False, closed_at=NOW - 60)])
def test_sentrys_machine_lifts_no_mute_of_a_persons(change: str, of: Issue) -> None:
    assert heeded(news(change, is_regression=True), of) == SILENT


def test_what_sentry_archived_and_a_person_closed_as_not_planned_stays_closed() -> None:
    closed = replace(DONE, is_completed=False, state_reason="not_planned", labels=(MUTE,))
    known = replace(PROBLEM, is_muted_by_sentry=True)

    assert on_status_change(news("unresolved", is_regression=True), known, closed, RULES, now=NOW) == SILENT


@pytest.mark.parametrize("by_person", [True, False])
def test_a_duplicate_stays_silent_whoever_changes_what_in_sentry(*, by_person: bool) -> None:
    duplicate = replace(DONE, is_completed=False, state_reason="duplicate")

    assert on_status_change(news("unresolved", by_person=by_person), PROBLEM, duplicate, RULES, now=NOW) == SILENT


def test_what_sentry_archived_it_may_bring_back_by_itself() -> None:
    archived = replace(PROBLEM, is_muted_by_sentry=True)

    assert heeded(news("unresolved"), replace(OPEN, labels=(MUTE,)), archived).edit == Edit(remove_labels=(MUTE,))


def test_resolved_takes_off_the_mute_that_sentrys_archive_put_on_and_no_other() -> None:
    muted, by_ada = replace(OPEN, labels=(MUTE,)), news("resolved", by_person=True)

    assert heeded(by_ada, muted, replace(PROBLEM, is_muted_by_sentry=True)).edit.remove_labels == (MUTE,)
    assert heeded(by_ada, muted).edit == Edit(state="completed")


def test_unresolved_past_the_window_waits_for_an_alert_to_make_a_new_issue_of() -> None:
    long_ago = replace(DONE, closed_at=NOW - 31 * DAY)

    assert heeded(news("unresolved", by_person=True), long_ago) == Step(is_replaced=True)


@pytest.mark.parametrize("change", ["resolved", "unresolved", "muted"])
def test_news_bring_the_counter_up_to_what_sentry_counts(change: str) -> None:
    known = replace(PROBLEM, sentry=SentryCount(events=1_234, users=56, at=NOW))
    of = replace(OPEN, body=f"Boom.\n{counter_of(PROBLEM)}\n\nmore")

    told = heeded(news(change, by_person=True), of, known).edit.body or ""

    assert "Sentry counts 1,234 events, 56 users, as of " in told
    assert told == of.body.replace(counter_of(PROBLEM), counter_of(known))


def test_archived_in_sentry_mutes() -> None:
    assert heeded(news("muted"), OPEN).edit == Edit(add_labels=(MUTE,))


@pytest.mark.parametrize(
    ("change", "already"),
    [("resolved", DONE), ("unresolved", OPEN), ("muted", replace(OPEN, labels=(MUTE,))), ("created", OPEN)],
)
def test_what_is_so_already_is_no_news(change: str, already: Issue) -> None:
    step = heeded(news(change, by_person=True), already)

    assert (step.edit, step.comment) == (Edit(), None)


@pytest.mark.parametrize(
    ("step", "of", "closed_at", "is_muted"),
    [
        (Step(), OPEN, None, False),
        (SILENT, DONE, NOW - 3600, False),
        (Step(Edit(state="open", remove_labels=(MUTE,))), replace(DONE, labels=(MUTE,)), None, False),
        (Step(Edit(state="completed")), OPEN, NOW, False),
        (Step(Edit(add_labels=(MUTE,))), OPEN, None, True),
        (SILENT, replace(OPEN, is_open=False, closed_at=NOW - 60), NOW - 60, True),
    ],
)
def test_an_issue_stands_as_it_was_left(step: Step, of: Issue, closed_at: float | None, *, is_muted: bool) -> None:
    standing = standing_after(step, of, read_at=NOW - 1, now=NOW)

    assert (standing.closed_at, standing.is_muted) == (closed_at, is_muted)
