"""The edits of an issue that several occasions share: its counter, its reopening."""

from __future__ import annotations

from dataclasses import replace

from booty.observability.alerts.issue import Issue
from booty.observability.alerts.problem import Problem
from booty.observability.issues.edit import Edit
from booty.observability.issues.life.counter import counter_of, recount
from booty.observability.issues.life.step import Rules

REGRESSION = "regression"


def recounted(problem: Problem, issue: Issue) -> Edit:
    """Return the edit that brings the counter block up to date."""
    body = recount(issue.body, counter_of(problem))
    return Edit(body=body if body != issue.body else None)


def reopened(edit: Edit, issue: Issue, rules: Rules) -> Edit:
    """Reopen, as a regression, and hand over again: whoever waits for the label hears of it only when it is put on."""
    trigger = rules.trigger_label
    return replace(
        edit,
        state="open",
        remove_labels=(*edit.remove_labels, *((trigger,) if issue.has(trigger) else ())),
        add_labels=(*edit.add_labels, *(() if issue.has(REGRESSION) else (REGRESSION,)), trigger),
    )
