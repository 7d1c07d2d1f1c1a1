"""A worse level: the label follows it, the title unless a person wrote another."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.issue import Issue
from booty.observability.alerts.problem import Problem
from booty.observability.alerts.severity import Severity
from booty.observability.issues.edit import Edit
from booty.observability.issues.page.headline import title


def worsened(alert: Alert, problem: Problem, issue: Issue, edit: Edit) -> Edit:
    """Let the label follow a worse level, and the title, unless a person wrote another."""
    worst, before = problem.worst, problem.told_severity
    if worst is None or before is None or before.is_at_least(worst):
        return edit
    old = f"severity:{before}"
    labels = replace(
        edit, remove_labels=(old,) if issue.has(old) else (), add_labels=(*edit.add_labels, f"severity:{worst}")
    )
    return replace(labels, title=_retitled(alert, problem, issue, before=before, worst=worst))


def _retitled(alert: Alert, problem: Problem, issue: Issue, *, before: Severity, worst: Severity) -> str | None:
    """Return the title with the worst level, None where a person wrote another one.

    It may be what the issue has: an attempt whose answer was lost wrote it, and that it is ours is yet to be noted.
    """
    is_whole = alert.kind == "metric" and not alert.is_brief  # its title names the level in Sentry's words as well
    if issue.title.startswith(f"[{worst}] "):
        old = f"[{before}] {issue.title.removeprefix(f'[{worst}] ')}"
        is_ours = issue.title == title(alert) if is_whole else problem.title == fingerprint_of(old)
        return issue.title if is_ours else None
    if not issue.title.startswith(f"[{before}] ") or problem.title not in {None, fingerprint_of(issue.title)}:
        return None
    return title(alert) if is_whole else f"[{worst}] {issue.title.removeprefix(f'[{before}] ')}"


def fingerprint_of(text: str) -> str:
    """Return a short hash of a title, by which to tell whether it was changed."""
    return sha256(text.encode(errors="replace")).hexdigest()[:16]
