"""The comments on an issue whose problem recurs."""

from __future__ import annotations

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.issue import Closer, Issue
from booty.observability.alerts.problem import Problem
from booty.observability.alerts.release import commit_of
from booty.observability.alerts.severity import Severity
from booty.observability.issues.life.counter import moment
from booty.observability.issues.life.step import Rules
from booty.observability.text.untrusted import code

MILESTONES = (10, 100, 1_000, 10_000, 100_000)
RELEASE = 100


def what_is_new(alert: Alert, problem: Problem, rules: Rules) -> str | None:
    """Return what an open issue's watchers should hear of: a worse level, a release that it is new in, a round number.

    The release may be that of an alert that cooled down.
    """
    said = []
    if problem.worst and problem.told_severity and not problem.told_severity.is_at_least(problem.worst):
        said.append(f"Worse than before: {_level(problem.worst, alert)}, was {_level(problem.told_severity, alert)}.")
    untold = [release for release in problem.releases if release not in problem.told_releases]
    if untold and problem.told_releases:
        said.append(
            f"Also seen in release {_release(untold[-1], problem, rules)}; seen {problem.count:,} times so far."
        )
    elif any(problem.told_count < milestone <= problem.count for milestone in MILESTONES):
        said.append(f"Seen {problem.count:,} times so far.")
    return " ".join(said) or None


def _level(severity: Severity, alert: Alert) -> str:
    """Name a level as Sentry does: of a metric, the worst one is critical."""
    return "critical" if alert.kind == "metric" and severity is Severity.FATAL else severity.value


def regression(release: str | None, problem: Problem, rules: Rules, issue: Issue) -> str:
    """Say that the problem came back after its issue was closed, in which `release`, and what had closed it."""
    where = f" in release {_release(release, problem, rules)}" if release else ""
    seen = f"It was last seen on {moment(problem.last_seen if problem.seen_before is None else problem.seen_before)}"
    how = f"as completed{_by(issue.closer, rules)}" if issue.is_completed else "as not planned by a bot"
    closed = f"after this issue was closed {how}"
    return f"**Regressed**{where}, {closed}. {seen}; seen {problem.count:,} times so far."


def _by(closer: Closer | None, rules: Rules) -> str:
    """Name what closed the issue; GitHub makes a link of a number."""
    if closer is not None and closer.pull is not None:
        return f" by #{closer.pull}"
    if closer is not None and closer.commit is not None:
        return f" by [`{closer.commit[:10]}`]({rules.web.commit(closer.commit)})"
    return ""


def _release(name: str, problem: Problem, rules: Rules) -> str:
    """Name a release, with a link to what changed since the one that the issue last spoke of."""
    before = commit_of(problem.told_releases[-1]) if problem.told_releases else None
    after = commit_of(name)
    text = code(name, limit=RELEASE)
    if before is None or after is None or before == after or not rules.trusted.issuperset({before, after}):
        return text
    return f"{text} ([changes since]({rules.web.comparison(before, after)}))"
