"""What a status change in Sentry does to an issue."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.problems import DAY, DONE, NEW, NOW, OPEN, PROBLEM, RULES, TRIGGER

from booty.observability.alerts.issue import MUTE, Issue
from booty.observability.alerts.problem import Problem, SentryCount
from booty.observability.alerts.status_change import StatusChange
from booty.observability.issues.edit import Edit
from booty.observability.issues.life.counter import counter_of
from booty.observability.issues.life.edits import REGRESSION
from booty.observability.issues.life.status_change import on_status_change
from booty.observability.issues.life.step import SILENT, Step


def changed(change: str, **rest: object) -> StatusChange:
    return StatusChange.read({"fingerprint": "1:1", "change": change, "key": "k", **rest})


def after(one: StatusChange, of: Issue, known: Problem = PROBLEM) -> Step:
    return on_status_change(one, known, of, RULES, now=NOW)


def test_resolved_in_sentry_closes_with_who_and_the_release() -> None:
    step = after(changed("resolved", actor="@ada", release=NEW), OPEN)

    assert step == Step(Edit(state="completed"), f"Resolved in Sentry by `@ada` in release `{NEW}`.")


def test_unresolved_in_sentry_by_a_person_reopens_unmutes_and_hands_over() -> None:
    edit = after(changed("unresolved", by_person=True), replace(DONE, labels=("a", MUTE))).edit

    assert edit == Edit(state="open", remove_labels=(MUTE,), add_labels=(TRIGGER,))


def test_sentrys_own_regression_reopens_what_was_completed() -> None:
    step = after(changed("unresolved", is_regression=True), DONE)

    assert step.edit == Edit(state="open", remove_labels=(TRIGGER,), add_labels=(REGRESSION, TRIGGER))
    assert step.comment == "Seen again in Sentry after it was resolved."


@pytest.mark.parametrize("change", ["unresolved", "resolved"])
@pytest.mark.parametrize("of", [replace(OPEN, labels=(MUTE,)), replace(OPEN, is_open=False, closed_at=NOW - 60)])
def test_sentrys_machine_lifts_no_mute_of_a_persons(change: str, of: Issue) -> None:
    assert after(changed(change, is_regression=True), of) == SILENT


def test_what_sentry_archived_and_a_person_closed_as_not_planned_stays_closed() -> None:
    closed = replace(DONE, is_completed=False, state_reason="not_planned", labels=(MUTE,))
    known = replace(PROBLEM, is_muted_by_sentry=True)

    assert on_status_change(changed("unresolved", is_regression=True), known, closed, RULES, now=NOW) == SILENT


@pytest.mark.parametrize("by_person", [True, False])
def test_a_duplicate_stays_silent_whoever_changes_what_in_sentry(*, by_person: bool) -> None:
    duplicate = replace(DONE, is_completed=False, state_reason="duplicate")

    assert on_status_change(changed("unresolved", by_person=by_person), PROBLEM, duplicate, RULES, now=NOW) == SILENT


def test_what_sentry_archived_it_may_bring_back_by_itself() -> None:
    archived = replace(PROBLEM, is_muted_by_sentry=True)

    assert after(changed("unresolved"), replace(OPEN, labels=(MUTE,)), archived).edit == Edit(remove_labels=(MUTE,))


def test_resolved_takes_off_the_mute_that_sentrys_archive_put_on_and_no_other() -> None:
    muted, by_ada = replace(OPEN, labels=(MUTE,)), changed("resolved", by_person=True)

    assert after(by_ada, muted, replace(PROBLEM, is_muted_by_sentry=True)).edit.remove_labels == (MUTE,)
    assert after(by_ada, muted).edit == Edit(state="completed")


def test_unresolved_past_the_window_waits_for_an_alert_to_make_a_new_issue_of() -> None:
    long_ago = replace(DONE, closed_at=NOW - 31 * DAY)

    assert after(changed("unresolved", by_person=True), long_ago) == Step(is_replaced=True)


@pytest.mark.parametrize("change", ["resolved", "unresolved", "muted"])
def test_a_change_brings_the_counter_up_to_what_sentry_counts(change: str) -> None:
    known = replace(PROBLEM, sentry=SentryCount(events=1_234, users=56, at=NOW))
    of = replace(OPEN, body=f"Boom.\n{counter_of(PROBLEM)}\n\nmore")

    told = after(changed(change, by_person=True), of, known).edit.body or ""

    assert "Sentry counts 1,234 events, 56 users, as of " in told
    assert told == of.body.replace(counter_of(PROBLEM), counter_of(known))


def test_archived_in_sentry_mutes() -> None:
    assert after(changed("muted"), OPEN).edit == Edit(add_labels=(MUTE,))


@pytest.mark.parametrize(
    ("change", "already"),
    [("resolved", DONE), ("unresolved", OPEN), ("muted", replace(OPEN, labels=(MUTE,))), ("created", OPEN)],
)
def test_what_is_so_already_is_not_a_change(change: str, already: Issue) -> None:
    step = after(changed(change, by_person=True), already)

    assert (step.edit, step.comment) == (Edit(), None)
