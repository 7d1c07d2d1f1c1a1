"""What a status change in Sentry does to an issue. Pure."""

from __future__ import annotations

from dataclasses import replace

from booty.observability.alerts.issue import MUTE, Issue
from booty.observability.alerts.problem import Problem
from booty.observability.alerts.status_change import StatusChange
from booty.observability.issues.edit import Edit
from booty.observability.issues.life.edits import REGRESSION, recounted, reopened, said_of_turn
from booty.observability.issues.life.step import SILENT, Rules, Step
from booty.observability.text.untrusted import code

NAME = 100
"""Characters of a person's or a release's name."""


def on_status_change(change: StatusChange, problem: Problem, issue: Issue, rules: Rules, *, now: float) -> Step:
    """Decide what a status change in Sentry does to `issue`: nothing when it is so already, as an echo of ours is.

    What Sentry does by itself undoes no mute of a person's: neither the label nor a closing as not planned. The problem
    of a duplicate belongs to another issue, whoever changes it.
    """
    is_persons = issue.is_unwanted or (issue.has(MUTE) and not problem.is_muted_by_sentry)
    if issue.is_duplicate or (is_persons and not change.by_person):
        return SILENT
    by = f" by {code(change.actor, limit=NAME)}" if change.actor else ""
    edit = recounted(problem, issue)
    if change.change == "resolved" and issue.is_open:
        release = f" in release {code(change.release, limit=NAME)}" if change.release else ""
        mute = _mute(issue) if problem.is_muted_by_sentry else ()
        return Step(replace(edit, state="completed", remove_labels=mute), f"Resolved in Sentry{by}{release}.")
    if change.change == "unresolved" and (issue.is_muted or not issue.is_open):
        if not issue.is_open and now - (issue.closed_at or now) > rules.window_seconds:
            return Step(is_replaced=True)
        return _unresolved(change, issue, rules, replace(edit, remove_labels=_mute(issue)), by=by)
    if change.change == "muted" and not issue.is_muted:
        comment = f"Archived in Sentry{by}: nothing more is reported here until the label `{MUTE}` is removed."
        return Step(replace(edit, add_labels=(MUTE,)), comment)
    return Step(edit if issue.is_open else Edit())


def _unresolved(change: StatusChange, issue: Issue, rules: Rules, edit: Edit, *, by: str) -> Step:
    what = "Seen again in Sentry after it was resolved" if change.is_regression else f"Reopened in Sentry{by}"
    if issue.is_open:
        return Step(edit, f"{what}.")
    again = reopened(edit, issue, rules)
    if not change.is_regression:
        again = replace(again, add_labels=tuple(label for label in again.add_labels if label != REGRESSION))
    return Step(again, said_of_turn(f"{what}.", rules))


def _mute(issue: Issue) -> tuple[str, ...]:
    return tuple(label for label in issue.labels if label.lower() == MUTE)
