"""The sections of an issue's body that say what the alert says.

A section is a pure function of an alert and its context that returns one block of Markdown, or None when it has nothing
to say. Text from outside passes through `untrusted` on its way into one, so that it is in code spans and fences and
nowhere else.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from booty.observability.alerts.alert import Alert, Breadcrumb, Raised
from booty.observability.alerts.limits import MOST_COUNTED_EXCEPTIONS
from booty.observability.alerts.stack.frames import crash_frame, crash_stack
from booty.observability.issues.page.context import ALONE, Context
from booty.observability.issues.page.notice import OF_AN_ISSUE
from booty.observability.issues.page.stack import ROW, in_words
from booty.observability.text.untrusted import code, fence, line

# Characters.
MESSAGE = 3_000
CAUSE = 1_000
CRUMBS = 4_000
CRUMB = 160
ADDRESS = 600
NAME = 100
VALUE = 160
TOLD_ABOVE = frozenset({"environment", "handled", "level", "release"})
"""Tags that the page says already."""

GROUP = re.compile(r"Group$|(?:^|\.)Aggregate")


def facts(alert: Alert, context: Context = ALONE) -> str:
    """List what else a reader asks first."""
    known = (
        ("Severity", alert.severity.value),
        ("Request", _request(alert)),
        ("Culprit", alert.culprit and not _is_told(alert.culprit, alert) and code(alert.culprit)),
        ("Project", alert.project and code(alert.project)),
        ("Alert rule", alert.rule and alert.kind == "event" and code(alert.rule)),
        ("Sentry", alert.sentry_url and _link(alert.sentry_url, context)),
    )
    return "\n".join(f"- **{name}:** {value}" for name, value in known if value)


def _is_told(culprit: str, alert: Alert) -> bool:
    """Return whether the first sentence or the request names what Sentry blames, even if in Sentry's notation."""
    if alert.request and culprit in {alert.request.path, f"{alert.request.method} {alert.request.path}"}:
        return True
    frame = crash_frame(crash_stack(alert))
    if frame is None:
        return True
    names = (frame.module, frame.path)
    return culprit in {f"{name} in {frame.function}" for name in names} | {
        f"{frame.function}({name})" for name in names
    }


def notice(_alert: Alert, _context: Context = ALONE) -> str:
    """Tell the reader, person or agent, what on this page is data."""
    return OF_AN_ISSUE


def message(alert: Alert, _context: Context = ALONE) -> str | None:
    """Show the message, or the title where there is nothing else; not again what the exception says itself."""
    if alert.raised:
        is_new = alert.message and alert.message.strip() not in _thrown(alert.raised[0])
        return f"### Logged message\n\n{fence(alert.message, limit=CAUSE)}" if is_new and alert.message else None
    text = alert.message or (None if alert.details else alert.title)
    heading = "### What the alert says" if alert.kind == "metric" else "### Message"
    return f"{heading}\n\n{fence(text, limit=MESSAGE)}" if text else None


def exceptions(alert: Alert, context: Context = ALONE) -> str | None:
    """Show the exception that was raised, then its causes; of too many the root cause stays.

    No blank line below the heading: an issue's first ten lines hold its sentence, its counter, the notice, and this.
    """
    if not alert.raised:
        return None
    first, *causes = alert.raised
    label = "**In the group**" if GROUP.search(first.type or "") else "**Caused by**"
    crashed = crash_frame(crash_stack(alert))
    blocks = [f"### Exception\n{fence(_thrown(first), limit=MESSAGE)}"]
    for cause in causes:
        frame = crash_frame(cause.frames)
        where = f" {in_words(frame, context.link(frame))}" if frame else ""
        source = f"\n    {line(frame.source, limit=ROW)}" if frame and frame.source and frame != crashed else ""
        blocks += [f"{label}{where}", fence(_thrown(cause) + source, limit=CAUSE)]
    if alert.raised_left_out:
        count = alert.raised_left_out if alert.raised_left_out < MOST_COUNTED_EXCEPTIONS else "Many"
        blocks.insert(-2, f"*{count} between these and the last are left out.*")
    return "\n\n".join(blocks)


def breadcrumbs(alert: Alert, _context: Context = ALONE) -> str | None:
    """Show what happened last before the crash."""
    if not (last := alert.breadcrumbs):
        return None
    known = alert.breadcrumbs_before + len(last)
    count = f"The last {len(last)} of {known}, n" if len(last) < known else "N"
    told = fence("\n".join(map(_crumb, last)), limit=CRUMBS)
    return f"### Breadcrumbs\n\n{count}ewest at the bottom, times in UTC.\n\n{told}"


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment


def _request(alert: Alert) -> str | None:
    words = (alert.request.method, alert.request.path) if alert.request else ()
    return code(" ".join(word for word in words if word)) if any(words) else None


def _link(address: str, context: Context) -> str:
    link = context.sentry.link(address)
    return f"[open in Sentry]({link})" if link else code(address, limit=ADDRESS)


def _thrown(raised: Raised) -> str:
    if raised.type and (raised.message or "").startswith(raised.type):
        return raised.message or raised.type
    return ": ".join(part for part in (raised.type, raised.message) if part) or "no type, no message"


def _crumb(crumb: Breadcrumb) -> str:
    time = f"{_utc(crumb.at):%H:%M:%S}" if crumb.at else "--:--:--"
    level = f"{line(crumb.level, limit=7):<7}  " if crumb.level else ""
    category = f"{line(crumb.category, limit=32)}  " if crumb.category else ""
    return f"{time}  {level}{category}{line(crumb.text, limit=CRUMB)}"


def ran_on(alert: Alert, _context: Context = ALONE) -> str | None:
    """List what the error ran on, and Sentry's tags, for who unfolds it."""
    told = [(name, value) for name, value in alert.tags if name not in TOLD_ABOVE and value != alert.culprit]
    pairs = dict.fromkeys((*alert.contexts, *told))  # Sentry makes tags of contexts
    rows = [f"- {code(name, limit=NAME)}: {code(value, limit=VALUE)}" for name, value in pairs]
    if not rows:
        return None
    return "\n\n".join(("<details>\n<summary>What it ran on, and its tags</summary>", "\n".join(rows), "</details>"))
