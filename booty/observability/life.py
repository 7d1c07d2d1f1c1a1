"""The life of an issue after its birth: what an alert that came back, or news from Sentry, does to it.

Pure: the issue as it stands and what is known of it in, what to do out. `follow_up` does it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from booty.observability.alert import Alert
from booty.observability.counter import counter, moment, recount
from booty.observability.issue_body import Draft
from booty.observability.news import News
from booty.observability.provenance import commit_of
from booty.observability.untrusted import code

MUTE = "booty:mute"
REGRESSION = "regression"
MILESTONES = (10, 100, 1_000, 10_000, 100_000)
RELEASE = 100
ACTOR = 100
FOOTER = (
    f"*To silence this problem, close the issue as not planned or label it `{MUTE}`; to hear of it again, reopen it or"
    " take the label off.*"
)

State = Literal["open", "completed"]
Absence = Literal["deleted", "missing"]
"""How an issue is not there: the tracker says that it was deleted, or shows none, which may pass."""
Ending = Literal["closed", "deleted", "missing"]
"""Why a new issue takes the place of one: it was closed too long ago, or it is not there any more."""
BEFORE: Mapping[Ending, str] = {
    "closed": "which was closed long ago",
    "deleted": "which was deleted",
    "missing": "which cannot be read any more",
}


@dataclass(frozen=True, slots=True)
class Life:
    """What the ledger knows of a problem.

    `count` is how many alerts came, first and last at `first_seen` and `last_seen` (unix seconds), `releases` when each
    release was first seen (unix seconds), oldest first; `told_*` is what the issue said when it was last written to.
    """

    issue: int | None
    count: int
    first_seen: float
    last_seen: float
    releases: Mapping[str, float]
    told_count: int = 0
    told_releases: tuple[str, ...] = ()

    @property
    def counter(self) -> str:
        """The counter block for it."""
        return counter(
            count=self.count, first_seen=self.first_seen, last_seen=self.last_seen, releases=tuple(self.releases)
        )


@dataclass(frozen=True, slots=True)
class Closer:
    """The change that closed an issue, by the tracker's own word: a commit of the repository, or a pull request."""

    commit: str | None = None
    pull: int | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue as it stands on the tracker; `closed_at` in unix seconds, None while it is open."""

    number: int
    is_open: bool
    is_completed: bool
    """Closed as done, not as unwanted."""
    closed_at: float | None
    labels: tuple[str, ...]
    body: str
    title: str = ""
    is_locked: bool = False
    """Nobody may comment on it; it can still be changed."""
    state_reason: str | None = None
    """Why it is closed, in the tracker's own word."""
    is_closed_by_bot: bool = False
    closer: Closer | None = None
    """What closed it; asked for only where a comment says so."""

    def has(self, label: str) -> bool:
        """Say whether it carries `label`; labels are the same in any case."""
        return label.lower() in {present.lower() for present in self.labels}

    @property
    def is_muted(self) -> bool:
        """Somebody does not want to hear of it."""
        return self.has(MUTE) or not (self.is_open or self.is_completed)


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of an issue; None leaves a part as it is, and a label that is not named stays what it is.

    A label in both is taken off and put on again, so that whoever waits for it hears of it once more.
    """

    body: str | None = None
    title: str | None = None
    state: State | None = None
    remove_labels: tuple[str, ...] = ()
    add_labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What to do to an issue: comment first, then edit; or let a new issue take its place.

    `names_closer`: the comment would say what closed the issue, if that were known.
    """

    edit: Edit = field(default_factory=Edit)
    comment: str | None = None
    is_replaced: bool = False
    names_closer: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """`window_seconds`: how long after its closing an issue is reopened; `web_url`: the repository's page.

    `trusted` are the commits known to be the repository's own: no other one is linked.
    """

    window_seconds: float
    web_url: str
    trusted: frozenset[str] = frozenset()


def begin(draft: Draft, life: Life, ending: Ending | None = None) -> Draft:
    """Give a new issue its counter block, the way to silence it, and a link to the issue that it takes the place of.

    `ending` is why it does.
    """
    before = f" This was #{life.issue} before, {BEFORE[ending]}." if life.issue is not None and ending else ""
    sentence, _, told = draft.body.removesuffix(draft.marker).rstrip().partition("\n\n")
    top = f"{sentence}{before}\n{life.counter}"
    return replace(draft, body=f"{top}\n\n{told}\n\n{FOOTER}\n\n{draft.marker}")


def recur(alert: Alert, life: Life, issue: Issue, rules: Rules, *, now: float) -> Step:
    """Decide what `alert`, after its cooldown, does to the `issue` that it has already (`now` in unix seconds)."""
    if issue.is_muted:
        return Step()
    body = recount(issue.body, life.counter)
    edit = Edit(body=body if body != issue.body else None)
    if issue.is_open:
        return Step(edit, _what_is_new(life, rules))
    closed_at = issue.closed_at or now
    came_back_in = _newer(life, closed_at)
    if _is_older(alert.release, life, closed_at) and came_back_in is None:
        return Step()
    if now - closed_at > rules.window_seconds:
        return Step(is_replaced=True)
    reopened = replace(edit, state="open", add_labels=() if issue.has(REGRESSION) else (REGRESSION,))
    return Step(reopened, _regression(came_back_in or alert.release, life, rules, issue.closer), names_closer=True)


def compared(alert: Alert, life: Life) -> frozenset[str]:
    """Return the commits that `recur` may want to compare, so that somebody finds out which are trusted."""
    names = (*life.told_releases[-1:], *[*life.releases][-1:], alert.release)
    commits = frozenset(filter(None, map(commit_of, names)))
    return commits if len(commits) > 1 else frozenset()


def heed(news: News, issue: Issue) -> Step:
    """Decide what news from Sentry does to `issue`; nothing when it is so already, as with our own doings' echo."""
    by = f" by {code(news.actor, limit=ACTOR)}" if news.actor else ""
    if news.change == "resolved" and issue.is_open:
        release = f" in release {code(news.release, limit=RELEASE)}" if news.release else ""
        return Step(Edit(state="completed"), f"Resolved in Sentry{by}{release}.")
    if news.change == "unresolved" and (issue.is_muted or not issue.is_open):
        mute = tuple(label for label in issue.labels if label.lower() == MUTE)
        regression = (REGRESSION,) if news.is_regression and not issue.has(REGRESSION) else ()
        what = "Seen again in Sentry after it was resolved" if news.is_regression else f"Reopened in Sentry{by}"
        return Step(Edit(state="open", remove_labels=mute, add_labels=regression), f"{what}.")
    if news.change == "muted" and not issue.is_muted:
        comment = f"Archived in Sentry{by}: no more is said of it here until the label `{MUTE}` is taken off."
        return Step(Edit(add_labels=(MUTE,)), comment)
    return Step()


def _what_is_new(life: Life, rules: Rules) -> str | None:
    """Say what an open issue's watchers should be told of: a release that it is new in, a round number.

    The release may be that of an alert that cooled down.
    """
    untold = [release for release in life.releases if release not in life.told_releases]
    if untold and life.told_releases:
        return f"Also seen in release {_release(untold[-1], life, rules)}, {life.count:,} times in all."
    reached = [milestone for milestone in MILESTONES if life.told_count < milestone <= life.count]
    return f"Seen {life.count:,} times so far." if reached else None


def _regression(release: str | None, life: Life, rules: Rules, closer: Closer | None) -> str:
    where = f" in release {_release(release, life, rules)}" if release else ""
    seen = f"last seen on {moment(life.last_seen)}, {life.count:,} times in all"
    return f"**It came back**{where}, after this issue was closed as completed{_by(closer, rules)}; {seen}."


def _by(closer: Closer | None, rules: Rules) -> str:
    """Name what closed the issue; GitHub makes a link of a number."""
    if closer is not None and closer.pull is not None:
        return f" by #{closer.pull}"
    if closer is not None and closer.commit is not None:
        return f" by [`{closer.commit[:10]}`]({rules.web_url}/commit/{closer.commit})"
    return ""


def _release(name: str, life: Life, rules: Rules) -> str:
    """Name a release, with a link to what changed since the one that the issue last spoke of."""
    before = commit_of(life.told_releases[-1]) if life.told_releases else None
    after = commit_of(name)
    text = code(name, limit=RELEASE)
    if before is None or after is None or before == after or not rules.trusted.issuperset({before, after}):
        return text
    return f"{text} ([changes since]({rules.web_url}/compare/{before}...{after}))"


def _newer(life: Life, closed_at: float) -> str | None:
    """Return the newest release that it was seen in only after the closing, be it by an alert that cooled down."""
    return next((name for name, seen in reversed([*life.releases.items()]) if seen > closed_at), None)


def _is_older(release: str | None, life: Life, closed_at: float) -> bool:
    """Say whether a release was out before the issue was closed, so that it cannot hold the fix."""
    first_seen = life.releases.get(release) if release else None
    return first_seen is not None and first_seen <= closed_at
