"""A reopened issue is handed over again."""

from __future__ import annotations

from dataclasses import replace

from support.problems import DONE, NEW, NOW, TRIGGER, issue, problem, recurring


def test_a_regression_is_handed_over_again_the_label_taken_off_first_where_it_is_on() -> None:
    still_on = recurring(issue(DONE), problem(new=NOW), NEW).edit
    off = recurring(replace(issue(DONE), labels=()), problem(new=NOW), NEW).edit

    assert (still_on.remove_labels, TRIGGER in still_on.add_labels) == ((TRIGGER,), True)
    assert (off.remove_labels, TRIGGER in off.add_labels) == ((), True)


def test_a_second_regression_keeps_the_one_label() -> None:
    step = recurring(replace(issue(DONE), labels=("agent:builder", "Regression")), problem(new=NOW), NEW)

    assert (step.edit.state, step.edit.add_labels) == ("open", (TRIGGER,))
