"""A line of the journal as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator

from booty.observability.ledger.journal.entries import Line, LineOutcome, Refusals
from booty.observability.ledger.repositories.names import issue_shown, shown
from booty.observability.ops.console.moments import moment
from booty.observability.text.moments import iso

NEWS = {
    "awaited": "it was waited for",
    "worse_level": "its level is worse",
    "new_release": "its release is new to the problem",
    "came_back": "Sentry saw it come back",
    "after_closing": "it came after the issue was closed",
}
HOW = {"reconciled": ", found by reconciling", "test": ", a test of the operator's"}
IGNORED = {
    "repeated": "ignored: repeated, this event was counted before",
    "not_handled": "ignored: not handled, it is about this service itself",
    "no_route": "ignored: its route drops it",
}
NOT_SHOWN = {
    "no_issue": "the problem has no issue",
    "created": "only remembered until an alert comes",
    "known": "a repeat, an echo of a change of ours, or older than what came before",
}
BECAME = {
    "filed": "filed as {issue}",
    "adopted": "found to have {issue} already",
    "updated": "{issue} updated",
    "reopened": "{issue} reopened",
    "closed": "{issue} closed",
    "muted": "{issue} muted",
    "unchanged": "counted; {issue} is left as it is",
    "awaiting": "a new issue is needed, which takes another alert",
    "refused": "refused by GitHub",
    "postponed": "postponed",
    "retried": "owed once more by retry",
    "digest": "one of a storm: {issue} tells of all of them",
    "linked": "linked in Sentry to {issue}",
}
TURNED_AWAY = {
    "unsigned": "401, not signed",
    "cut": "401, cut on its way",
    "unverified": "401, signed with another secret",
    "too_large": "413, too large",
    "unreadable": "422, no alert in it",
    "broken_body": "400, broken off",
    "not_stored": "503, the ledger could not be written",
    "not_handled": "200, another kind of webhook",
}


def line_text(line: Line, *, now: float) -> str:
    """Return a line as one of many: when, which problem, what was decided, what became of it."""
    last = f" -> {outcome_text(line, line.became[-1])}" if line.became else ""
    said = "  ".join(filter(None, (line.severity, line.project, line.title)))
    named = shown(line.fingerprint)
    return f"{moment(line.at, now=now)}  {named}  {decision_text(line, now=now)}{last}  {said}".rstrip()


def refusals_text(refusals: Refusals, *, now: float) -> str:
    """Return what was turned away in a minute."""
    why = TURNED_AWAY.get(refusals.reason, refusals.reason)
    return f"{moment(refusals.at, now=now)}  turned away within a minute: {refusals.times} ({why})"


def story_lines(line: Line, *, now: float) -> Iterator[str]:
    """Yield a line as one of its problem's: all that it says, then each outcome."""
    known = {"level": line.severity, "release": line.release, "project": line.project, "rule": line.rule}
    known |= {"route in line": str(line.route)} if line.route else {}
    said = ", ".join(f"{name} {value}" for name, value in known.items() if value)
    yield f"{moment(line.at, now=now)}  {decision_text(line, now=now)}{f' ({said})' if said else ''}"
    for outcome in line.became:
        yield f"{moment(outcome.at, now=now)}    {outcome_text(line, outcome)}"


def decision_text(line: Line, *, now: float) -> str:
    """Return what was decided, how often, why."""
    times = f", {line.times} times until {moment(line.until, now=now)}" if line.until and line.times > 1 else ""
    return f"{_decision(line)}{times}"


def _decision(line: Line) -> str:
    if line.change is not None:
        by = f" by {line.actor}" if line.actor else ""
        shown = "" if line.because is None else f": not shown, {NOT_SHOWN.get(line.because, line.because)}"
        return f"{line.change} in Sentry{by}{shown}"
    how = HOW.get(line.how or "", "")
    match line.verdict:
        case "accepted":
            return f"accepted{how}"
        case "news":
            return f"accepted{how}: {NEWS.get(line.because or '', 'news')}"
        case "below_severity":
            less = f", {line.severity} is less than {line.threshold}" if line.threshold else ""
            return f"ignored: below severity{less}"
        case "cooldown":
            return f"ignored: cooldown, accepted {iso(line.since) if line.since else 'a moment before'}"
        case _:
            return IGNORED.get(line.verdict, line.verdict)


def outcome_text(line: Line, outcome: LineOutcome) -> str:
    """Return what became of the decision in a line."""
    issue = issue_shown(line.fingerprint, outcome.issue) if outcome.issue else "the issue"
    what = BECAME.get(outcome.what, outcome.what).format(issue=issue)
    times = f", {outcome.times} times until {iso(outcome.until)}" if outcome.until else ""
    return f"{what}{times}{f': {outcome.reason}' if outcome.reason else ''}"
