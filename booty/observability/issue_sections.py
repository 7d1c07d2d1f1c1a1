"""The sections of an issue's body: what its reader wants to know, in that order.

A section is a pure function that returns one block of Markdown, or None when it has nothing to say. Text from outside
passes through `untrusted` on its way into one, so that it stands in code spans and fences and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from booty.observability.alert import Alert, Breadcrumb, Raised
from booty.observability.issue_details import details, variables
from booty.observability.issue_stack import crash, rows, stack
from booty.observability.issue_triage import context, triage
from booty.observability.location import Call, crash_frame
from booty.observability.notice import OF_AN_ISSUE
from booty.observability.untrusted import code, fence, line

MOST_CRUMBS = 8
MOST_EXCEPTIONS = 8
# Characters.
MESSAGE = 3_000
CAUSE = 1_000
CRUMBS = 4_000
CRUMB = 160

LINK = re.compile(
    r"(https://[a-z0-9](?:[a-z0-9.-]{0,100}[a-z0-9])?(?::\d{1,5})?(?:/[\w.~-]{1,100}){1,12}/?)(\?[\w=&.%~-]*)?",
    re.ASCII,
)
INCIDENT = re.compile(r"(?<=[?&])alert=\d{1,20}(?![^&])")  # what narrows a metric alert's page to this very alert
GROUP = re.compile(r"Group$|(?:^|\.)Aggregate")


def facts(alert: Alert) -> str:
    """List what a reader asks first."""
    known = (
        ("Severity", alert.severity.value),
        ("Environment", alert.environment and code(alert.environment)),
        ("Release", alert.release and code(alert.release)),
        ("When", alert.occurred_at and f"{_utc(alert.occurred_at):%Y-%m-%d %H:%M:%S} UTC"),
        ("Request", _request(alert)),
        ("Culprit", alert.culprit and code(alert.culprit)),
        ("Project", alert.project and code(alert.project)),
        ("Alert rule", alert.rule and code(alert.rule)),
        ("Sentry", alert.sentry_url and _link(alert.sentry_url)),
    )
    return "\n".join(f"- **{name}:** {value}" for name, value in known if value)


def notice(_alert: Alert) -> str:
    """Tell the reader, person or agent, what on this page is data."""
    return OF_AN_ISSUE


def message(alert: Alert) -> str | None:
    """Show the message, or the title where there is nothing else; not again what the exception says itself."""
    if alert.raised:
        is_new = alert.message and alert.message.strip() not in _thrown(alert.raised[0])
        return f"### Logged message\n\n{fence(alert.message, limit=CAUSE)}" if is_new and alert.message else None
    text = alert.message or (None if alert.details else alert.title)
    heading = "### What the alert says" if alert.kind == "metric" else "### Message"
    return f"{heading}\n\n{fence(text, limit=MESSAGE)}" if text else None


def exceptions(alert: Alert) -> str | None:
    """Show the exception that was raised, then its causes; of too many the root cause stays."""
    if not alert.raised:
        return None
    first, *causes = alert.raised
    is_long = len(causes) >= MOST_EXCEPTIONS
    shown = [*causes[: MOST_EXCEPTIONS - 2], causes[-1]] if is_long else causes
    left_out = alert.raised_left_out + len(causes) - len(shown)
    label = "**In the group**" if GROUP.search(first.type or "") else "**Caused by**"
    blocks = ["### Exception", fence(_thrown(first), limit=MESSAGE)]
    for cause in shown:
        blocks += [label, fence(_thrown(cause) + _crash_lines(cause), limit=CAUSE)]
    if left_out:
        blocks.insert(-2, f"*{left_out} between these and the last are left out.*")
    return "\n\n".join(blocks)


def breadcrumbs(alert: Alert) -> str | None:
    """Show what happened last before the crash."""
    crumbs = [crumb for crumb in alert.breadcrumbs if crumb.level != "debug"]
    if not crumbs:
        return None
    last = crumbs[-MOST_CRUMBS:]
    known = alert.breadcrumbs_before + len(crumbs)
    count = f"The last {len(last)} of {known}, n" if len(last) < known else "N"
    told = fence("\n".join(map(_crumb, last)), limit=CRUMBS)
    return f"### Breadcrumbs\n\n{count}ewest at the bottom, times in UTC.\n\n{told}"


SECTIONS: tuple[Callable[[Alert], str | None], ...] = (
    triage,
    facts,
    notice,
    exceptions,
    message,
    details,
    crash,
    variables,
    stack,
    breadcrumbs,
    context,
)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment


def _request(alert: Alert) -> str | None:
    words = (alert.request.method, alert.request.path) if alert.request else ()
    return code(" ".join(word for word in words if word)) if any(words) else None


def _link(url: str) -> str:
    """Link to `url` where it is a plain https address, else show it; of a query only a metric alert's number stays."""
    found = LINK.fullmatch(url)
    if not found or line(found[1], limit=len(found[1])) != found[1]:
        return code(url)
    incident = INCIDENT.search(found[2] or "")
    return f"[open in Sentry]({found[1]}{'?' + incident[0] if incident else ''})"


def _thrown(raised: Raised) -> str:
    if raised.type and (raised.message or "").startswith(raised.type):
        return raised.message or raised.type
    return ": ".join(part for part in (raised.type, raised.message) if part) or "no type, no message"


def _crash_lines(raised: Raised) -> str:
    frame = crash_frame(raised.frames)
    return "".join(f"\n    {row}" for row in rows(Call(frame))) if frame else ""


def _crumb(crumb: Breadcrumb) -> str:
    time = f"{_utc(crumb.at):%H:%M:%S}" if crumb.at else "--:--:--"
    level = f"{line(crumb.level, limit=7):<7}  " if crumb.level else ""
    category = f"{line(crumb.category, limit=32)}  " if crumb.category else ""
    return f"{time}  {level}{category}{line(crumb.text, limit=CRUMB)}"
