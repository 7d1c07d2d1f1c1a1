"""The limits of an alert: how much is read, how much is kept.

A text that is too long is read a margin further than it is kept: what is read is cleaned and redacted before it is cut
to its limit (`alerts.keeping`), because half a secret is no longer known by its form. Making the rest fit to publish is
`untrusted`'s business.
"""

from __future__ import annotations

from datetime import UTC, datetime

MOST_EXCEPTIONS = 8
MOST_COUNTED_EXCEPTIONS = 200
"""How many that are left out are told as a number. A list this long may have been cut down before it was counted."""
MOST_FRAMES = 40
"""Of the exception that was raised, or of a stack without one."""
MOST_CAUSE_FRAMES = 10
"""Of each of its causes."""
MOST_CONTEXT_LINES = 5
MOST_BREADCRUMBS = 8
MOST_TAGS = 30
MOST_DETAILS = 20
MOST_LOCALS = 20

# All lengths are bytes of UTF-8.
MESSAGE = 4000
DETAIL = 1000
CRUMB = 400
TITLE = 300
SOURCE = 200
LOCAL = 160
PATH = 200
NAME = 120

MARGIN = 256
"""Characters read beyond a limit, by which a secret that lies across it is known."""
MOST_OF_PATH = 800
"""Characters of a path that are read, from its end."""

_BLANK = "".join(map(chr, [*range(33), 127]))


def cut(text: str | None, limit: int) -> str | None:
    """Return what is read of `text` to keep at most `limit` bytes of it, None when nothing readable is in it."""
    if not text:
        return None
    read = text[: limit + MARGIN]
    return read if read[0] not in _BLANK or read.strip(_BLANK) else None


def cut_start(text: str | None, limit: int) -> str | None:
    """Return what is read to keep the end of `text`, where a path says most, in at most `limit` bytes."""
    return cut(text, limit) if text is None or len(text) <= limit else cut(text[-MOST_OF_PATH:], MOST_OF_PATH)


def moment(time: datetime | None) -> datetime | None:
    """Return `time` in UTC, None when it lies where no clock can be; a time without a zone is Sentry's, in UTC."""
    if time is None or not 1970 <= time.year <= 9998:  # noqa: PLR2004 - a day off the last year still has a date
        return None
    if time.tzinfo is UTC:
        return time
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
