"""The short cut to a log line writes what structlog writes."""

from __future__ import annotations

import logging
import re

import structlog
from hypothesis import given
from hypothesis import strategies as st

from booty.observability.log_context import about
from booty.observability.ops.log_lines import Lines
from booty.observability.ops.logs import formatter

SHORT = formatter(is_terminal=False)
FIELDS = st.dictionaries(
    st.sampled_from(["fingerprint", "reason", "level", "event", "timestamp", "sentry_url", "odd"]),
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text()) | st.just(object),
)


def line_by_structlog(record: logging.LogRecord) -> str:
    return structlog.stdlib.ProcessorFormatter.format(SHORT, record)  # type: ignore[arg-type] # it is one


def untimed(line: str) -> str:
    return re.sub(r'"timestamp": "\d{4}-\d\d-\d\dT[\d:.]+Z"', '"timestamp": "now"', line)


def record(message: object, *words: object, error: bool = False) -> logging.LogRecord:
    raised = (ValueError, ValueError("a person's words"), None) if error else None
    return logging.LogRecord("booty.observability.webhook", logging.WARNING, "", 0, message, words, raised)


@given(FIELDS, st.none() | st.just("https://sentry.io/1/"), st.booleans())
def test_is_the_line_that_structlog_writes(fields: dict[str, object], page: str | None, error: bool) -> None:  # noqa: FBT001 - drawn
    made = record("alert_%s", "accepted", error=error)
    made.__dict__.update(fields)
    with about(page):
        short, long = SHORT.format(made), line_by_structlog(made)

    assert isinstance(SHORT, Lines)
    assert untimed(short) == untimed(long)


def test_what_the_context_says_ends_with_it() -> None:
    with about("https://sentry.io/1/"):
        with about("https://sentry.io/2/"):
            assert "/2/" in SHORT.format(record("a"))
        assert "/1/" in SHORT.format(record("a"))
    assert "sentry.io" not in SHORT.format(record("a"))
