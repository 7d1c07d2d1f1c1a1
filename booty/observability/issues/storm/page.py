"""The issue about a storm of problems, as Markdown.

The table is between two comments of its own, and is all that is rewritten; what people write around it stays. Text from
outside is in code spans alone. A bar would part the cells even there, and GitHub's parser reads a backslash before it
in two ways: so a bar from outside becomes a broken one.
"""

from __future__ import annotations

import re

from booty.observability.alerts.sentry_pages import SentryPages
from booty.observability.alerts.storm.digest import Digest, Row
from booty.observability.issues.draft import Draft
from booty.observability.issues.life.counter import moment
from booty.observability.issues.page.headline import title
from booty.observability.text.untrusted import code

LABEL = "booty:storm"
FINGERPRINT = "booty:storm"
"""No problem of Sentry's has it."""
BEGIN, END = "<!-- booty:storm -->", "<!-- /booty:storm -->"
BLOCK = re.compile(rf"^{re.escape(BEGIN)}$.*?^{re.escape(END)}$", re.DOTALL | re.MULTILINE)
TITLE = "A storm of new problems since {since}"
BEGINNING = "So many new problems came at once that only the first were filed one by one. The others share this issue."
RULE = (
    "More than {most} new problems in {time} are a storm; a fatal one, or one that came back, still gets an issue of"
    " its own. Once no new one has come for as long, each that comes again does, too. The table is written anew once a"
    " minute at most; what you write above or below it stays."
)
HEAD = "| Level | What | Where | Seen | First | Last | Issue or Sentry |\n|---|---|---|---|---|---|---|"
LONGEST = 58_000
"""Characters of the table; GitHub takes 65,536 of a body."""
CELL, ADDRESS = 90, 300


def render(digest: Digest, sentry: SentryPages | None) -> Draft:
    """Write the issue."""
    marker = f"<!-- booty:fingerprint={FINGERPRINT} event={digest.name} -->"
    time = f"{digest.seconds / 60:g} minutes" if digest.seconds >= 60 else f"{digest.seconds:g} seconds"  # noqa: PLR2004 - a minute
    rules = [RULE.format(most=digest.most, time=time)] if digest.most else []
    return Draft(
        title=TITLE.format(since=moment(int(digest.name) / 1000)),
        body="\n\n".join([BEGINNING, block(digest, sentry), *rules, marker]),
        labels=(LABEL,),
        marker=marker,
    )


def block(digest: Digest, sentry: SentryPages | None) -> str:
    """Write the part that is rewritten: how many, the table, whether it is over."""
    lines, length = list[str](), 0
    for each in digest.rows:
        lines.append(_line(each, sentry))
        length += len(lines[-1]) + 1
        if length > LONGEST:
            lines.pop()
            break
    left_out = digest.total - len(lines)
    total = f"**{digest.total:,} problems**{f', of which the worst {len(lines)} are shown' if left_out > 0 else ''}."
    state = "It is over." if digest.is_over else "It goes on."
    return "\n".join([BEGIN, f"{total} {state}", "", HEAD, *lines, "", END])


def with_block(body: str, new: str, marker: str) -> str:
    """Return a person's `body` with the `new` block in place of the old one; at its end where there is none."""
    text = body.replace("\r\n", "\n")
    if BLOCK.search(text):
        return BLOCK.sub(lambda _: new, text, count=1)
    rest = text.replace(marker, "").rstrip()
    return "\n\n".join(part for part in (rest, new, marker) if part)


def _line(row: Row, sentry: SentryPages | None) -> str:
    level, _, rest = title(row.alert).partition("] ")
    what, _, where = rest.partition(" in ")
    cells = (level.removeprefix("["), _cell(what), _cell(where) if where else "", f"{row.count:,}")
    times = (moment(row.first_seen), moment(row.last_seen))
    return f"| {' | '.join((*cells, *times, _link(row, sentry)))} |"


def _cell(text: str) -> str:
    return code(text, limit=CELL).replace("|", "¦")


def _link(row: Row, sentry: SentryPages | None) -> str:
    if row.issue is not None:
        return f"#{row.issue}"
    url = sentry.link(row.alert.sentry_url) if sentry is not None and row.alert.sentry_url else None
    return f"[Sentry]({url})" if url and len(url) <= ADDRESS else ""
