"""A log line as JSON is the one that structlog writes."""

from __future__ import annotations

import json
import logging
import re
import sys

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from booty.observability.log_context import about
from booty.observability.ops.log_columns import by_structlog
from booty.observability.ops.logs import formatter

OURS, THEIRS = formatter(is_terminal=False), by_structlog(is_terminal=False)
HOSTILE = "swordfish"
FIELDS = st.dictionaries(
    st.sampled_from(["fingerprint", "reason", "level", "event", "timestamp", "sentry_url", "odd"]),
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text()) | st.just(object),
)


def untimed(line: str) -> str:
    return re.sub(r'"timestamp": "\d{4}-\d\d-\d\dT[\d:.]+Z"', '"timestamp": "now"', line)


def record(message: object, *words: object, logger: str = "booty.observability.webhook") -> logging.LogRecord:
    return logging.LogRecord(logger, logging.WARNING, "", 0, message, words, None)


@given(FIELDS, st.none() | st.just("https://sentry.io/1/"))
def test_is_the_line_that_structlog_writes(fields: dict[str, object], page: str | None) -> None:
    made = record("alert_%s", "accepted")
    made.__dict__.update(fields)
    with about(page):
        ours, theirs = OURS.format(made), THEIRS.format(made)

    assert untimed(ours) == untimed(theirs)


def test_names_what_an_application_bound_by_structlog_in_what_it_logs_without_it() -> None:
    with structlog.contextvars.bound_contextvars(request="7"), about("https://sentry.io/1/"):
        line = json.loads(OURS.format(record("an order came", logger="shop")))

    assert (line["request"], line["sentry_url"], line["logger"]) == ("7", "https://sentry.io/1/", "shop")


@pytest.mark.parametrize("logger", ["booty.observability.delivery", "some.package"])
@pytest.mark.parametrize("message", ["it broke", ValueError("an exception as the message")])
def test_is_the_line_that_structlog_writes_of_an_exception(logger: str, message: object) -> None:
    made = record(message, logger=logger)
    made.stack_info = "where it was logged"
    try:
        int(HOSTILE)
    except ValueError:
        made.exc_info = sys.exc_info()

    assert untimed(OURS.format(made)) == untimed(THEIRS.format(made))
    assert (HOSTILE in OURS.format(made)) is (logger == "some.package")


def test_is_the_line_that_structlog_writes_where_there_is_no_exception_after_all() -> None:
    made = record("it broke")
    made.exc_info = (None, None, None)

    assert untimed(OURS.format(made)) == untimed(THEIRS.format(made))


class Kept(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


def test_what_an_application_logs_by_structlog_is_a_line_of_its_fields() -> None:
    kept, shop = Kept(), logging.getLogger("shop")
    shop.addHandler(kept)
    processors = [structlog.stdlib.ProcessorFormatter.wrap_for_formatter]
    structlog.wrap_logger(shop, processors=processors, wrapper_class=structlog.stdlib.BoundLogger).error("sold", cups=3)
    shop.removeHandler(kept)

    assert json.loads(OURS.format(kept.records[0])) == {"event": "sold", "cups": 3}


def test_what_the_context_says_ends_with_it() -> None:
    with about("https://sentry.io/1/"):
        with about("https://sentry.io/2/"):
            assert "/2/" in OURS.format(record("a"))
        assert "/1/" in OURS.format(record("a"))
    assert "sentry.io" not in OURS.format(record("a"))


@pytest.mark.parametrize(
    ("created", "said"),
    [
        (1_795_000_000.25, "2026-11-18T11:06:40.250000Z"),
        (1_795_000_000.0, "2026-11-18T11:06:40.000000Z"),
        (1_795_000_001.999999, "2026-11-18T11:06:41.999999Z"),
    ],
)
def test_says_when_the_event_was_logged(created: float, said: str) -> None:
    made = record("it broke")
    made.created = created

    assert json.loads(OURS.format(made))["timestamp"] == said
