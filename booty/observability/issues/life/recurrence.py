"""What an alert does to the issue that its problem has. Pure."""

from __future__ import annotations

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import happened_at, is_after
from booty.observability.alerts.issue import Issue
from booty.observability.alerts.problem import Problem
from booty.observability.alerts.release import commit_of
from booty.observability.issues.life.comments import regression, what_is_new
from booty.observability.issues.life.edits import recounted, reopened, said_of_turn
from booty.observability.issues.life.step import SILENT, Rules, Step
from booty.observability.issues.life.worse_level import worsened
from booty.observability.issues.page.notice import RECONCILED


def on_recurrence(alert: Alert, problem: Problem, issue: Issue, rules: Rules, *, now: float) -> Step:
    """Decide what `alert` does to the `issue` that it has already (`now` in unix seconds)."""
    if issue.is_muted:
        return SILENT
    edit = worsened(alert, problem, issue, recounted(problem, issue))
    if issue.is_open:
        return Step(edit, _how_found(what_is_new(alert, problem, rules), alert))
    closed_at = issue.closed_at or now
    came_back_in = _newer(problem, closed_at)
    if not (problem.is_back or problem.is_awaited or came_back_in or _is_after(alert, problem, closed_at, now=now)):
        return SILENT
    if now - closed_at > rules.window_seconds:
        return Step(is_replaced=True)
    said = said_of_turn(regression(came_back_in or alert.release, problem, rules, issue), rules)
    return Step(reopened(edit, issue, rules), _how_found(said, alert), names_closer=True)


def _how_found(said: str | None, alert: Alert) -> str | None:
    """Add to what is said of an alert that no webhook brought it."""
    return " ".join(filter(None, (said, RECONCILED))) if alert.is_reconciled else said


def compared(alert: Alert, problem: Problem) -> frozenset[str]:
    """Return the commits that `on_recurrence` may want to compare, so that somebody finds out which are trusted."""
    names = (*problem.told_releases[-1:], *[*problem.releases][-1:], alert.release)
    commits = frozenset(filter(None, map(commit_of, names)))
    return commits if len(commits) > 1 else frozenset()


def _newer(problem: Problem, closed_at: float) -> str | None:
    """Return the newest release that it was seen in only after the closing, even if by an alert that cooled down."""
    return next((name for name, seen in reversed([*problem.releases.items()]) if seen > closed_at), None)


def _is_after(alert: Alert, problem: Problem, closed_at: float, *, now: float) -> bool:
    """Return whether the alert came after the closing, in no release from before it: it speaks against the fix."""
    happened = happened_at(alert, now) if problem.happened_at is None else problem.happened_at
    seen_at = problem.release_seen_at
    if seen_at is None and alert.release:
        seen_at = problem.releases.get(alert.release)
    return is_after(closed_at, happened=happened, release_seen_at=seen_at)
