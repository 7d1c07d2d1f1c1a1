"""What reconciling found, for people or for machines."""

from __future__ import annotations

from typing import Any

from booty.observability.alerts.filters import Verdict
from booty.observability.alerts.listed_problem import Found, ListedProblem, Report
from booty.observability.ops.console.moments import moment
from booty.observability.text.moments import iso
from booty.observability.text.terminal import plain
from booty.observability.text.untrusted import line

TITLE = 100
"""Characters."""
WORDS = {
    None: "missing",
    Verdict.ACCEPTED: "to be filed",
    Verdict.NEWS: "to be told",
    Verdict.COOLDOWN: "cools down",
    Verdict.REPEATED: "known",
    Verdict.BELOW_SEVERITY: "below severity",
    Verdict.NOT_HANDLED: "not filed",
    Verdict.NO_ROUTE: "not routed",
}


def as_text(report: Report, *, since: float, now: float) -> str:
    """Return one line for each problem, oldest first, then a sum; the service files what is to be filed."""
    lines = [f"{WORDS[each.verdict]:<14}  {_problem(each.problem, now)}" for each in report.found]
    if not report.found and not report.left:
        return f"nothing is missing since {moment(since, now=now)}"
    if report.left:
        lines.append(f"! {len(report.left)} more are missing: run it again; the oldest of them:")
        lines.append(f"{'left':<14}  {_problem(report.left[0], now)}")
    return "\n".join(map(plain, lines))


def as_json(report: Report, *, since: float, until: float) -> dict[str, Any]:
    """Return the same for machines, with every problem that is left."""
    return {
        "since": iso(since),
        "until": iso(until),
        "found": [_found(each) for each in report.found],
        "left": [_fields(each) for each in report.left],
    }


def _problem(problem: ListedProblem, now: float) -> str:
    kind = "came back" if problem.is_back else "new"
    title = line(problem.alert.title or "without a title", limit=TITLE)
    seen, page = moment(problem.seen_at, now=now), problem.alert.sentry_url or ""
    return f"{seen}  {kind}  {problem.alert.fingerprint}  {title}  {page}".rstrip()


def _found(found: Found) -> dict[str, Any]:
    return _fields(found.problem) | {"verdict": found.verdict.value if found.verdict else None}


def _fields(problem: ListedProblem) -> dict[str, Any]:
    return {
        "fingerprint": problem.alert.fingerprint,
        "project": problem.slug or problem.project,
        "title": line(problem.alert.title or "", limit=TITLE),
        "is_back": problem.is_back,
        "seen_at": iso(problem.seen_at),
        "sentry_url": problem.alert.sentry_url,
    }
