"""The limits of what an alert keeps, so that it is some 200 kB as JSON; twice that if it were nothing but quotes.

Texts from outside are cut here, before they are stored. What is too long is cleaned and redacted first: half a secret
is no longer known by its form. Making the rest fit to publish is `untrusted`'s business.
"""

from __future__ import annotations

from datetime import UTC, datetime

from booty.observability.redaction import redact
from booty.observability.untrusted import TORN, clean

MOST_EXCEPTIONS = 8
MOST_FRAMES = 40
"""Of the exception that was raised, or of a stack without one."""
MOST_CAUSE_FRAMES = 10
"""Of each of its causes."""
MOST_CONTEXT_LINES = 5
MOST_BREADCRUMBS = 8
MOST_TAGS = 30

# All lengths are bytes of UTF-8.
MESSAGE = 4000
CRUMB = 400
TITLE = 300
SOURCE = 200
PATH = 200
NAME = 120

MARGIN = 256
"""Characters read beyond a limit, by which a secret that lies across it is known."""
MOST_OF_PATH = 800
"""Characters of a path that are read, from its end."""

# Control characters other than tab, line ends and the escape character, by which `untrusted` knows terminal colours.
_CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 27), *range(28, 32), 127])


def cut(text: str | None, limit: int) -> str | None:
    """Return the beginning of `text` in at most `limit` bytes, None when nothing readable is in it."""
    if text is None:
        return None
    if len(text) > limit or not (text.isascii() and text.isprintable()):
        text = _cut_odd(text, limit)
    return text if text.strip() else None


def _cut_odd(text: str, limit: int) -> str:
    read = text[: limit + MARGIN].translate(_CONTROL)
    # JSON writes the escape character with six bytes: count them all.
    if len(text) > limit or len(read.encode()) + 5 * read.count("\x1b") > limit:
        read = redact(clean(read))
        read = read[:-TORN] if len(text) > limit + MARGIN else read
    return read.encode()[:limit].decode(errors="ignore")


def cut_start(text: str | None, limit: int) -> str | None:
    """Return the end of `text`, where a path says most, in at most `limit` bytes."""
    if text is None or len(text) <= limit // 4:
        return cut(text, limit)
    if len(text) > limit or len(text.encode()) > limit:
        read = redact(clean(text[-MOST_OF_PATH:]))
        text = read[TORN:] if len(text) > MOST_OF_PATH else read
    return cut(text.encode()[-limit:].decode(errors="ignore"), limit)


def moment(time: datetime | None) -> datetime | None:
    """Return `time` in UTC, None when it lies where no clock can be; a time without a zone is Sentry's, in UTC."""
    if time is None or not 1970 <= time.year <= 9998:  # noqa: PLR2004 - a day off the last year still has a date
        return None
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
