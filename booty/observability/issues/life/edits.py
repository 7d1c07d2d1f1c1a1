"""The edits of an issue that several occasions share: its counter, its reopening."""

from __future__ import annotations

from dataclasses import replace

from booty.observability.alerts.handover.terms import TRIAGE
from booty.observability.alerts.issue import VERIFIED, Issue
from booty.observability.alerts.problem import Problem
from booty.observability.issues.edit import Edit
from booty.observability.issues.life.counter import counter_of, recount
from booty.observability.issues.life.handing import why_held
from booty.observability.issues.life.step import Rules

REGRESSION = "regression"


def recounted(problem: Problem, issue: Issue) -> Edit:
    """Return the edit that brings the counter block up to date."""
    body = recount(issue.body, counter_of(problem))
    return Edit(body=body if body != issue.body else None)


def reopened(edit: Edit, issue: Issue, rules: Rules) -> Edit:
    """Reopen, as a regression, and hand over again: whoever waits for the label hears of it only when it is put on."""
    turns, turn = dict.fromkeys((rules.handing.trigger_label, TRIAGE)), rules.handing.label
    return replace(
        edit,
        state="open",
        remove_labels=(*edit.remove_labels, *(label for label in (*turns, VERIFIED) if issue.has(label))),
        add_labels=(*edit.add_labels, *(() if issue.has(REGRESSION) else (REGRESSION,)), *((turn,) if turn else ())),
    )


def said_of_turn(said: str, rules: Rules) -> str:
    """Return what is said of a reopened issue, with why a person is to look at it first."""
    return " ".join(filter(None, (said, why_held(rules.handing))))
