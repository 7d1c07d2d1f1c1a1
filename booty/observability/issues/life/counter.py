"""The counter block of an issue's body: how often, when last, in which releases.

It is below the first sentence, between two comments of its own, and is all that is ever rewritten in a body:
people's edits stay. Where people took it out, it is not put back.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, datetime

from booty.observability.alerts.problem import Problem, SentryCount
from booty.observability.text.untrusted import code

BEGIN = "<!-- booty:counter -->"
END = "<!-- /booty:counter -->"
BLOCK = re.compile(rf"^{re.escape(BEGIN)}$.*?^{re.escape(END)}$", re.DOTALL | re.MULTILINE)
TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}"
FENCE = re.compile(r"^ {0,3}(?:`{3,}[^`\n]*$|~~~)", re.MULTILINE)  # a line that goes on with backticks holds a span
SAID = re.compile(rf"\*\*Seen ([0-9][0-9,]{{0,14}}) times\*\* since ({TIME}) UTC, last on ({TIME}) UTC")
MOST_RELEASES = 5
RELEASE = 100


def counter(
    *,
    count: int,
    first_seen: float,
    last_seen: float,
    releases: Collection[str],
    sentry: SentryCount | None = None,
) -> str:
    """Write the block; times in unix seconds, `releases` oldest first, their names from outside.

    What it would say of the first time alone, the issue's first sentence says. It is three lines, so that the exception
    below it is among the first ten.
    """
    seen_in = ", ".join(code(release, limit=RELEASE) for release in list(releases)[-MOST_RELEASES:])
    left_out = len(releases) - MOST_RELEASES
    more = f" and {left_out} earlier" if left_out > 0 else ""
    where = f", in {seen_in}{more}" if len(releases) > 1 else ""
    if count == 1:
        return f"{BEGIN}\n**Seen once**{where}.{_of_sentry(sentry)}\n{END}"
    when = f"since {moment(first_seen)}, last on {moment(last_seen)}"
    return f"{BEGIN}\n**Seen {count:,} times** {when}{where}.{_of_sentry(sentry)}\n{END}"


def counter_of(problem: Problem) -> str:
    """Write the block for what is known of a problem."""
    return counter(
        count=problem.count,
        first_seen=problem.first_seen,
        last_seen=problem.last_seen,
        releases=tuple(problem.releases),
        sentry=problem.sentry,
    )


def _of_sentry(counted: SentryCount | None) -> str:
    """Say what Sentry counted, and that it is Sentry's count; of a single event nothing."""
    if counted is None or (counted.events < 2 and not counted.users):  # noqa: PLR2004 - one is an alert's own event
        return ""
    users = "" if counted.users is None else f", {_many(counted.users, 'user')}"
    as_of = "" if counted.at is None else f", as of {moment(counted.at)}"
    return f" Sentry counts {_many(counted.events, 'event')}{users}{as_of}."


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def read_counter(body: str) -> tuple[int, float, float] | None:
    """Return what the block of a body says: how often, first and last (unix seconds); None for once, or not there."""
    text = body.replace("\r\n", "\n")
    fence, said = FENCE.search(text), None
    block = BLOCK.search(text[: fence.start()] if fence else text)
    if block and (said := SAID.search(block[0])):
        try:
            first, last = (datetime.fromisoformat(f"{time}+00:00").timestamp() for time in said.group(2, 3))
        except ValueError:
            return None
        return int(said[1].replace(",", "")), first, last
    return None


def moment(seconds: float) -> str:
    """Write a time (unix seconds) for people."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"


def recount(body: str, block: str) -> str:
    """Return `body` with its counter block replaced by `block`; unchanged when people removed the block.

    Only what precedes the first fence is looked at: beyond it, the markers could be anybody's text.
    """
    text = body.replace("\r\n", "\n")
    fence = FENCE.search(text)
    top, rest = (text[: fence.start()], text[fence.start() :]) if fence else (text, "")
    return BLOCK.sub(lambda _: block, top, count=1) + rest if BLOCK.search(top) else body
