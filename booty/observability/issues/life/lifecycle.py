"""The life of an issue after its birth: what an alert that came back, or news from Sentry, does to it.

Pure: the issue as it stands and what is known of it in, what to do out. `follow_up` does it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Literal

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import happened_at, is_after
from booty.observability.alerts.issue import MUTE, Closer, Issue, Standing
from booty.observability.alerts.problem import Problem
from booty.observability.alerts.release import commit_of
from booty.observability.alerts.severity import Severity
from booty.observability.alerts.status_change import StatusChange
from booty.observability.issues.draft import Draft
from booty.observability.issues.edit import Edit
from booty.observability.issues.life.counter import counter_of, moment, recount
from booty.observability.issues.page.title import title
from booty.observability.text.untrusted import code

REGRESSION = "regression"
MILESTONES = (10, 100, 1_000, 10_000, 100_000)
RELEASE = 100
ACTOR = 100
FOOTER = (
    f"*To silence this problem, close the issue as not planned or label it `{MUTE}`; to hear of it again, reopen it or"
    " remove the label.*"
)

Ending = Literal["closed", "deleted", "missing"]
"""Why a new issue takes the place of one: it was closed too long ago, or it is not there any more."""
BEFORE: Mapping[Ending, str] = {
    "closed": "which was closed long ago",
    "deleted": "which was deleted",
    "missing": "which can no longer be read",
}


@dataclass(frozen=True, slots=True)
class Step:
    """What to do to an issue: comment first, then edit; or let a new issue take its place.

    `is_told` says that afterwards the issue says what is known, `names_closer` that the comment would say what closed
    the issue, if that were known.
    """

    edit: Edit = field(default_factory=Edit)
    comment: str | None = None
    is_replaced: bool = False
    is_told: bool = True
    names_closer: bool = False


SILENT = Step(is_told=False)


@dataclass(frozen=True, slots=True)
class Rules:
    """How issues are followed.

    `window_seconds`: how long after its closing an issue is reopened; `web_url`: the repository's page;
    `trigger_label`: what hands an issue to the agent; `trusted` are the commits known to be the repository's own: no
    other one is linked.
    """

    window_seconds: float
    web_url: str
    trusted: frozenset[str] = frozenset()
    trigger_label: str = "agent:builder"


def begin(draft: Draft, problem: Problem, ending: Ending | None = None) -> Draft:
    """Give a new issue its counter block, the way to silence it, and a link to the issue that it takes the place of.

    `ending` is why it does.
    """
    before = f" This was #{problem.issue} before, {BEFORE[ending]}." if problem.issue is not None and ending else ""
    sentence, _, told = draft.body.removesuffix(draft.marker).rstrip().partition("\n\n")
    top = f"{sentence}{before}\n{counter_of(problem)}"
    return replace(draft, body=f"{top}\n\n{told}\n\n{FOOTER}\n\n{draft.marker}")


def on_recurrence(alert: Alert, problem: Problem, issue: Issue, rules: Rules, *, now: float) -> Step:
    """Decide what `alert` does to the `issue` that it has already (`now` in unix seconds)."""
    if issue.is_muted:
        return SILENT
    edit = _worsened(alert, problem, issue, _recounted(problem, issue))
    if issue.is_open:
        return Step(edit, _what_is_new(alert, problem, rules))
    closed_at = issue.closed_at or now
    came_back_in = _newer(problem, closed_at)
    if not (problem.is_back or problem.is_awaited or came_back_in or _is_after(alert, problem, closed_at, now=now)):
        return SILENT
    if now - closed_at > rules.window_seconds:
        return Step(is_replaced=True)
    said = _regression(came_back_in or alert.release, problem, rules, issue)
    return Step(_reopened(edit, issue, rules), said, names_closer=True)


def _recounted(problem: Problem, issue: Issue) -> Edit:
    body = recount(issue.body, counter_of(problem))
    return Edit(body=body if body != issue.body else None)


def compared(alert: Alert, problem: Problem) -> frozenset[str]:
    """Return the commits that `on_recurrence` may want to compare, so that somebody finds out which are trusted."""
    names = (*problem.told_releases[-1:], *[*problem.releases][-1:], alert.release)
    commits = frozenset(filter(None, map(commit_of, names)))
    return commits if len(commits) > 1 else frozenset()


def on_status_change(news: StatusChange, problem: Problem, issue: Issue, rules: Rules, *, now: float) -> Step:
    """Decide what news from Sentry does to `issue`; nothing when it is so already, as with an echo of our own changes.

    What Sentry does by itself undoes no mute of a person's, be it the label or a closing as not planned. A duplicate's
    problem is another issue's, whoever says what.
    """
    is_persons = issue.is_unwanted or (issue.has(MUTE) and not problem.is_muted_by_sentry)
    if issue.is_duplicate or (is_persons and not news.by_person):
        return SILENT
    by = f" by {code(news.actor, limit=ACTOR)}" if news.actor else ""
    edit = _recounted(problem, issue)
    if news.change == "resolved" and issue.is_open:
        release = f" in release {code(news.release, limit=RELEASE)}" if news.release else ""
        mute = _mute(issue) if problem.is_muted_by_sentry else ()
        return Step(replace(edit, state="completed", remove_labels=mute), f"Resolved in Sentry{by}{release}.")
    if news.change == "unresolved" and (issue.is_muted or not issue.is_open):
        if not issue.is_open and now - (issue.closed_at or now) > rules.window_seconds:
            return Step(is_replaced=True)
        return _unresolved(news, issue, rules, replace(edit, remove_labels=_mute(issue)), by=by)
    if news.change == "muted" and not issue.is_muted:
        comment = f"Archived in Sentry{by}: nothing more is reported here until the label `{MUTE}` is removed."
        return Step(replace(edit, add_labels=(MUTE,)), comment)
    return Step(edit if issue.is_open else Edit())


def standing_after(step: Step, issue: Issue, *, read_at: float, now: float) -> Standing:
    """Return how `issue`, read at `read_at`, stands after `step` was done at `now` (unix seconds)."""
    edit = step.edit
    is_muted = edit.state != "open" and issue.is_muted and MUTE not in {label.lower() for label in edit.remove_labels}
    closed_at = {"open": None, "completed": now}[edit.state] if edit.state else issue.closed_at
    as_of = now if edit.state or MUTE in (*edit.add_labels, *edit.remove_labels) else read_at
    return Standing(closed_at, is_muted or MUTE in edit.add_labels, as_of)


def _unresolved(news: StatusChange, issue: Issue, rules: Rules, edit: Edit, *, by: str) -> Step:
    what = "Seen again in Sentry after it was resolved" if news.is_regression else f"Reopened in Sentry{by}"
    if issue.is_open:
        return Step(edit, f"{what}.")
    reopened = _reopened(edit, issue, rules)
    if not news.is_regression:
        kept = tuple(label for label in reopened.add_labels if label != REGRESSION)
        reopened = replace(reopened, add_labels=kept)
    return Step(reopened, f"{what}.")


def _reopened(edit: Edit, issue: Issue, rules: Rules) -> Edit:
    """Reopen, as a regression, and hand over again: whoever waits for the label hears of it only when it is put on."""
    trigger = rules.trigger_label
    return replace(
        edit,
        state="open",
        remove_labels=(*edit.remove_labels, *((trigger,) if issue.has(trigger) else ())),
        add_labels=(*edit.add_labels, *(() if issue.has(REGRESSION) else (REGRESSION,)), trigger),
    )


def _worsened(alert: Alert, problem: Problem, issue: Issue, edit: Edit) -> Edit:
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


def _mute(issue: Issue) -> tuple[str, ...]:
    return tuple(label for label in issue.labels if label.lower() == MUTE)


def _what_is_new(alert: Alert, problem: Problem, rules: Rules) -> str | None:
    """Say what an open issue's watchers should be told of: a worse level, a release that it is new in, a round number.

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


def _regression(release: str | None, problem: Problem, rules: Rules, issue: Issue) -> str:
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
        return f" by [`{closer.commit[:10]}`]({rules.web_url}/commit/{closer.commit})"
    return ""


def _release(name: str, problem: Problem, rules: Rules) -> str:
    """Name a release, with a link to what changed since the one that the issue last spoke of."""
    before = commit_of(problem.told_releases[-1]) if problem.told_releases else None
    after = commit_of(name)
    text = code(name, limit=RELEASE)
    if before is None or after is None or before == after or not rules.trusted.issuperset({before, after}):
        return text
    return f"{text} ([changes since]({rules.web_url}/compare/{before}...{after}))"


def _newer(problem: Problem, closed_at: float) -> str | None:
    """Return the newest release that it was seen in only after the closing, be it by an alert that cooled down."""
    return next((name for name, seen in reversed([*problem.releases.items()]) if seen > closed_at), None)


def _is_after(alert: Alert, problem: Problem, closed_at: float, *, now: float) -> bool:
    """Say whether the alert came after the closing, in no release that was out by then: it speaks against the fix."""
    happened = happened_at(alert, now) if problem.happened_at is None else problem.happened_at
    seen_at = problem.release_seen_at
    if seen_at is None and alert.release:
        seen_at = problem.releases.get(alert.release)
    return is_after(closed_at, happened=happened, release_seen_at=seen_at)
