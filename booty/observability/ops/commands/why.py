"""`booty why`: the story of one problem."""

from __future__ import annotations

import time

import click

from booty.observability.ledger.inspection import look_into
from booty.observability.ledger.journal.reading import refusals_in
from booty.observability.ledger.journal.story import story_of
from booty.observability.ops.console.command import Command, is_json_option
from booty.observability.ops.console.exits import EX_UNKNOWN, reaching_the_ledger
from booty.observability.ops.console.given import Given
from booty.observability.ops.console.output import show, show_json
from booty.observability.ops.journal.outlook import outlook
from booty.observability.ops.journal.story_text import story_json, story_text, unknown_json, unknown_lines
from booty.observability.text.terminal import plain

WEEK_SECONDS = 7 * 24 * 3600.0
NEEDED = (
    "OBSV_MIN_SEVERITY", "OBSV_MIN_SEVERITY_PERFORMANCE", "OBSV_MIN_SEVERITY_FEEDBACK", "OBSV_MIN_SEVERITY_CRON",
    "OBSV_MIN_SEVERITY_UPTIME", "OBSV_MIN_SEVERITY_METRIC", "OBSV_COOLDOWN_HOURS", "OBSV_FOLLOW",
    "OBSV_REOPEN_WINDOW_DAYS", "OBSV_VERIFY_DAYS",
)  # fmt: skip


@click.command(cls=Command)
@click.argument("what")
@is_json_option
@click.pass_obj
def command(given: Given, what: str, *, is_json: bool) -> int:
    """Tell the story of one problem: what was decided, why, what became of it, what comes next.

    WHAT is its page in Sentry or on GitHub, its short id, its fingerprint, the id of an event, #12 or acme/shop#12.
    """
    now, settings = time.time(), given.settings_for(*NEEDED)
    with reaching_the_ledger():
        store = given.store()
        story = look_into(store, lambda shelf: story_of(shelf, what, now=now))
        if story is None:
            refusals = look_into(store, lambda shelf: refusals_in(shelf, since=now - WEEK_SECONDS)) or []
    if story is None:
        if is_json:
            show_json(unknown_json(what, refusals))
        else:
            show("\n".join(map(plain, unknown_lines(what, refusals))))
        return EX_UNKNOWN
    from booty.observability.ops.console.pages import pages  # noqa: PLC0415 - takes a while, where a problem is known

    view = outlook(story, settings, now=now)
    urls = (line.sentry_url for line in reversed(story.lines) if line.sentry_url)
    sentry = pages(given.environ.get("SENTRY_URL", ""))
    page = next(filter(None, map(sentry.link, urls)), None)
    if is_json:
        show_json(story_json(story, view, page=page))
    else:
        show("\n".join(map(plain, story_text(story, view, page=page, now=now))))
    return 0
