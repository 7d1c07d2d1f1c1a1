"""What a problem is now, when it will be reported again, because of which setting. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from booty.observability.alerts.issue import MUTE
from booty.observability.config import Settings
from booty.observability.ledger.journal.story import Story
from booty.observability.ledger.repositories.names import issue_shown, shown
from booty.observability.ops.console.moments import moment
from booty.observability.ops.journal.fix_text import NAME, fix_text
from booty.observability.ops.journal.terms import cooldown, least

DAY_SECONDS = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Outlook:
    """The state in a word, `now` and `next` in sentences; `at` is when it is reported again, in unix seconds."""

    state: str
    now: str
    next: str
    at: float | None = None
    settings: tuple[str, ...] = ()


def outlook(story: Story, settings: Settings, *, now: float) -> Outlook:
    """Return what the story comes to under these settings at `now` (unix seconds)."""
    if story.is_owed:
        return _owed(story, now=now)
    if story.refused_for is not None:
        return _refused(story, now=now)
    if story.problem is None:
        return _never_filed(story, settings)
    if story.digest is not None:
        shared = f"it is one of a storm, all of which share {_digest(story)}"
        said = "once no new problem has come for as long as OBSV_STORM says, it gets an issue when it comes again"
        return Outlook("digest", shared, said, settings=("OBSV_STORM",))
    if story.problem.issue is None:
        return Outlook("waiting", "it has no issue yet", "its next alert makes one, whatever the cooldown")
    return _filed(story, settings, now=now)


def _owed(story: Story, *, now: float) -> Outlook:
    doubt = "; a call to GitHub was begun, and its outcome is not known yet" if story.is_doubtful else ""
    said = f"it is on disk, and owed to GitHub{doubt}"
    if story.stop is not None:
        again = moment(story.stop.next_at, now=now)
        why = f"deliveries are stopped: {story.stop.reason}; {story.stop.remedy}. GitHub is asked again {again}"
        return Outlook("owed", said, why, story.stop.next_at)
    if story.pause is not None:
        until = moment(story.pause.until, now=now)
        return Outlook("owed", said, f"deliveries are paused until {until}: {story.pause.reason}", story.pause.until)
    if story.digest is not None and not story.is_doubtful:
        said = f"{said}; it came again in a storm, whose problems share {_digest(story)}"
        why = "it gets an issue once no new problem has come for as long as OBSV_STORM says, at once if it is fatal"
        return Outlook("owed", said, why, settings=("OBSV_STORM",))
    return Outlook("owed", said, "it is delivered within seconds; if it is not: booty status", now)


def _digest(story: Story) -> str:
    return issue_shown(story.fingerprint, story.digest) if story.digest else "an issue that is yet to be made"


def _refused(story: Story, *, now: float) -> Outlook:
    when = f" {moment(story.refused_at, now=now)}" if story.refused_at else ""
    retry = f"fix the cause, then: booty retry {shown(story.fingerprint)}"
    return Outlook("refused", f"GitHub refused it{when}: {story.refused_for}", retry)


def _never_filed(story: Story, settings: Settings) -> Outlook:
    below = [line for line in story.lines if line.verdict == "below_severity"]
    if below:
        level, name, setting = least(below[-1], settings)
        said = f"an alert of it that is {level} or worse is filed ({setting})"
        why = "it has no issue: all of its alerts were below severity"
        return Outlook("below_severity", why, said, settings=(name,))
    if story.lines and story.lines[-1].verdict == "no_route":
        said = "when OBSV_ROUTES gives an alert of it another route: booty route shows which"
        return Outlook("no_route", "it has no issue: its route drops it", said, settings=("OBSV_ROUTES",))
    if any(line.change is None for line in story.lines):
        return Outlook("own", "it has no issue: it is about this service itself", "never")
    said = "with its first alert: look whether a rule in Sentry sends it to the integration"
    return Outlook("no_alert", "it has no issue: Sentry told of its status, but no alert of it came", said)


def _filed(story: Story, settings: Settings, *, now: float) -> Outlook:
    problem = story.problem
    times = "once" if problem and problem.count == 1 else f"{problem.count if problem else 0} times"
    count = f"seen {times}, last {moment(problem.last_seen, now=now)}" if problem else ""
    issue = issue_shown(story.fingerprint, problem.issue or 0) if problem else ""
    seconds, name, setting = cooldown(story, settings)
    quiet_until = (story.claimed_at or 0.0) + seconds
    from_then = f"from {moment(quiet_until, now=now)} on ({setting})" if quiet_until > now else "at once"
    at = max(quiet_until, now)
    if not settings.follow:
        said = f"its next alert makes another issue, {from_then}; issues are not kept up to date (OBSV_FOLLOW=0)"
        return Outlook("filed", f"it was filed as {issue}; {count}", said, at, (name, "OBSV_FOLLOW"))
    if story.standing.is_muted:
        said = f"when a person removes the label {MUTE}, or reopens {issue}; until then it is counted"
        return Outlook("muted", f"{issue} is muted; {count}", said)
    if story.standing.closed_at is not None:
        view = _closed(issue, story.standing.closed_at, settings, count=count, now=now)
        fix = fix_text(story, settings, now=now)
        if fix is not None:
            return replace(view, next=f"{view.next}; {fix}", settings=(*view.settings, NAME))
        return replace(view, now=f"{view.now}; verified fixed") if story.is_verified else view
    said = f"its next alert updates {issue} {from_then}"
    if quiet_until > now:
        said += "; before that, one of a release that is new to it, or of a worse level"
    return Outlook("open", f"{issue} is open; {count}", said, at, (name,))


def _closed(issue: str, closed_at: float, settings: Settings, *, count: str, now: float) -> Outlook:
    ends_at = closed_at + settings.reopen_window_days * DAY_SECONDS
    window = f"OBSV_REOPEN_WINDOW_DAYS={settings.reopen_window_days:g}"
    what = f"reopens {issue} until {moment(ends_at, now=now)}, after that it makes another issue ({window})"
    if ends_at <= now:
        what = f"makes another issue: {issue} was closed longer ago than {window}"
    said = f"an alert that happens after the closing, in a release that was not out by then, {what}"
    return Outlook(
        "closed", f"{issue} was closed {moment(closed_at, now=now)}; {count}", said, now, ("OBSV_REOPEN_WINDOW_DAYS",)
    )
