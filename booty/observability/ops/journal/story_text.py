"""The story of one problem as it is told; of one that was never heard of, why that may be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from booty.observability.ledger.journal.entries import Refusals
from booty.observability.ledger.journal.story import Story
from booty.observability.ledger.repositories.names import place_of, shown
from booty.observability.ops.journal.line_json import line_json
from booty.observability.ops.journal.line_text import TURNED_AWAY, story_lines
from booty.observability.ops.journal.outlook import Outlook
from booty.observability.text.moments import iso

UNKNOWN = "never heard of it here"
NO_RULE = """no alert rule in Sentry sends it: look at the rules' conditions, environment and project, and whether their
     action is this integration; a rule for new issues fires once in a problem's life"""
NOT_ANSWERED = """it came while the service did not answer within a second, and Sentry does not repeat:
     booty reconcile --since 24h"""
TOO_LONG_AGO = "it was ignored more than 7 days ago: what was not filed is remembered for 7 days"
OTHER_NAME = "it goes by another name here: alerts bring no short id; ask by the link of its page in Sentry"
NONE_TURNED_AWAY = "it was turned away; but nothing was in the last 7 days (see: booty log --since 7d)"


def unknown_lines(asked: str, refusals: Sequence[Refusals]) -> Iterator[str]:
    """Yield what is said of a problem that nothing is known of."""
    yield f"{asked}: {UNKNOWN}. The commonest causes, in order:"
    for number, cause in enumerate(causes(refusals), start=1):
        yield from f"  {number}. {cause}".splitlines()


def unknown_json(asked: str, refusals: Sequence[Refusals]) -> dict[str, Any]:
    """Return the same for a machine."""
    whole = [" ".join(cause.split()) for cause in causes(refusals)]
    return {"asked": asked, "state": "unknown", "now": UNKNOWN, "causes": whole}


def causes(refusals: Sequence[Refusals]) -> Iterator[str]:
    """Yield why an alert may not have been heard of, the commonest first."""
    times: dict[str, int] = {}
    for each in refusals:
        times[each.reason] = times.get(each.reason, 0) + each.times
    counts = ", ".join(f"{number} ({TURNED_AWAY.get(reason, reason)})" for reason, number in times.items())
    turned_away = f"it was turned away, as others in the last 7 days: {counts}" if counts else NONE_TURNED_AWAY
    yield from (NO_RULE, NOT_ANSWERED, turned_away, TOO_LONG_AGO, OTHER_NAME)


def story_text(story: Story, view: Outlook, *, page: str | None, now: float) -> Iterator[str]:
    """Yield the story's lines; `page` is the problem's in Sentry."""
    title = next((line.title for line in reversed(story.lines) if line.title), None)
    yield "  ".join(filter(None, (shown(story.fingerprint), short_id(story), title)))
    for address in filter(None, (page, story.url)):
        yield f"  {address}"
    if not story.lines:
        yield "  (the journal, of 7 days and 20,000 lines at most, has nothing of it)"
    for line in story.lines:
        for words in story_lines(line, now=now):
            yield f"  {words}"
    for name in story.elsewhere:
        yield f"  the same problem elsewhere: booty why {shown(name)}"
    yield f"now: {view.now}"
    yield f"next: {view.next}"


def story_json(story: Story, view: Outlook, *, page: str | None) -> dict[str, Any]:
    """Return the story for a machine; names are only ever added."""
    return {
        **place_of(story.fingerprint),
        **({"elsewhere": [shown(name) for name in story.elsewhere]} if story.elsewhere else {}),
        "short_id": short_id(story),
        "sentry_url": page,
        "issue": story.problem.issue if story.problem else None,
        "url": story.url,
        "count": story.problem.count if story.problem else None,
        "state": view.state,
        "now": view.now,
        "next": view.next,
        "speaks_at": iso(view.at) if view.at is not None else None,
        "settings": list(view.settings),
        "lines": [line_json(line) for line in story.lines],
    }


def short_id(story: Story) -> str | None:
    """Return the problem's name for people in Sentry."""
    return story.short_id or next((line.short_id for line in reversed(story.lines) if line.short_id), None)
