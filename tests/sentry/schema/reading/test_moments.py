"""Times are read as a pydantic model reads them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from support import lenient

from booty.observability.sentry.schema.reading.moments import moment

REFERENCE = TypeAdapter[datetime | None](lenient.Moment)
SENT = datetime(2026, 3, 2, 10, 15, 30, tzinfo=UTC)


def test_reads_a_time_as_text() -> None:
    assert moment("2026-03-02T10:15:30Z") == SENT


@pytest.mark.parametrize(
    ("sent", "time"),
    [
        ("2026-03-02t10:15:30z", SENT),
        ("2026-03-02 10:15:30+00:00", SENT),
        ("2026-03-02T12:45:30+0230", SENT),
        ("2026-03-02T10:15:30.9999999Z", SENT.replace(microsecond=999_999)),
        ("2026-03-02T10:15:30,5Z", SENT.replace(microsecond=500_000)),
        ("2026-03-02T10:15:30", SENT.replace(tzinfo=None)),
        ("2026-03-02_10:15Z", SENT.replace(second=0)),
        ("2026-03-02", datetime(2026, 3, 2)),  # noqa: DTZ001 - it says no zone
        (1772446530, SENT),
        ("1772446530.25", SENT + timedelta(seconds=0.25)),
        (1772446530123, SENT + timedelta(milliseconds=123)),
        (20_000_000_000, datetime(2603, 10, 11, 11, 33, 20, tzinfo=UTC)),
    ],
)
def test_reads_the_forms_that_programs_write(sent: object, time: datetime) -> None:
    assert moment(sent) == time


@pytest.mark.parametrize(
    "sent",
    [
        *("", "now", "2026-03-02Z", "2026-03-02T10", "2026-03-02T24:00:00Z", "2026-03-02T10:15:60Z", "2026-W10-1"),
        *("20260302T101530Z", "2026-02-29", "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", " 2026-03-02"),
        *("2026-03-02T10:15:30+24:00", "2026-03-02T10:15:30+02:00:30", "2026-03-02T10:15:30.Z", "2026-03-02x10:15:30"),
        *("1e9", "1_772", " 1", "9" * 1_000_000, 10**400, 1e300, 253_402_300_800_000, float("nan"), float("-inf")),
        *(None, True, [], {}),
    ],
    ids=lambda sent: repr(sent)[:30] if not isinstance(sent, int) else "number",
)
def test_what_is_no_time_is_none(sent: object) -> None:
    assert moment(sent) is None


TIMES = st.one_of(
    st.datetimes().map(lambda time: f"{time.isoformat()}Z"),
    st.datetimes(timezones=st.timezones()).map(datetime.isoformat),
    st.from_regex(r"\A\d{4}-[01]\d-[0-3]\d[Tt _][0-2]\d:\d\d(?::\d\d)?(?:[.,]\d{1,12})?(?:[Zz]|[+-]\d\d:?\d\d)?\Z"),
    st.from_regex(r"\A[+-]?\d{1,15}(?:\.\d{0,6})?\Z"),
    st.dates().map(str),
    st.text("0123456789-:.TZ+ ", max_size=30),
)
FIRST_OF_PYDANTIC = datetime(1600, 1, 1, tzinfo=UTC)
"""It counts no seconds before that."""


@given(TIMES)
def test_a_time_is_read_as_a_lenient_model_reads_it(sent: str) -> None:
    found = moment(sent)
    is_old = found is not None and found.tzinfo is UTC and found < FIRST_OF_PYDANTIC

    assert found == REFERENCE.validate_python(sent) or (is_old and sent[0] == "-")


@given(st.integers(-(10**10), 10**15))
def test_seconds_are_read_as_a_lenient_model_reads_them(sent: int) -> None:
    assert moment(sent) == REFERENCE.validate_python(sent)
