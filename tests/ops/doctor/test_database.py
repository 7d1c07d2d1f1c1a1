"""What the doctor says of a ledger's database."""

from __future__ import annotations

import pytest
from support.postgres import server

from booty.observability.ledger.engines.postgres.connection.probe import Probe
from booty.observability.ops.doctor.shared.database import check_database, judge

GOOD = {"version": "16.4", "milliseconds": 1.2, "clock_ahead_seconds": 0.1, "is_encrypted": True, "is_durable": True}


def test_a_good_one_is_shown_with_its_version_and_how_long_it_takes() -> None:
    check = judge(Probe(**GOOD))  # type: ignore[arg-type]  # as they are named

    assert (check.level, check.seen) == ("ok", "PostgreSQL 16.4, a round trip takes 1.2 ms")


@pytest.mark.parametrize(
    ("odd", "level", "words"),
    [
        ({"milliseconds": 30.0}, "warn", "a round trip takes 30 ms"),
        ({"milliseconds": 90.0}, "FAIL", "a round trip takes 90 ms"),
        ({"clock_ahead_seconds": -2.0}, "warn", "its clock and this machine's are 2.0 s apart"),
        ({"clock_ahead_seconds": 25.0}, "FAIL", "its clock and this machine's are 25.0 s apart"),
        ({"is_encrypted": False}, "warn", "the connection is not encrypted"),
        (
            {"is_writable": False},
            "FAIL",
            "it takes no writes: it is a standby, or default_transaction_read_only is on",
        ),
        ({"is_durable": False}, "warn", "a power cut may cost what it has stored"),
    ],
)
def test_what_is_odd_is_said_with_what_to_do(odd: dict[str, float], level: str, words: str) -> None:
    check = judge(Probe(**GOOD | odd))  # type: ignore[arg-type]  # as above

    assert (check.level, check.seen) == (level, words)
    assert check.then


def test_one_that_is_away_fails_and_one_that_is_there_is_looked_at() -> None:
    assert check_database("postgresql://owner@127.0.0.1:1/name").level == "FAIL"

    check = check_database(server().url(server().new_database()))
    assert (check.level, check.seen) == ("warn", "a power cut may cost what it has stored")


def test_one_that_takes_no_writes_fails() -> None:
    database = server().new_database()
    server().execute(f"ALTER DATABASE {database} SET default_transaction_read_only = on")

    assert "it takes no writes" in check_database(server().url(database)).seen


def test_a_password_that_was_changed_is_asked_for() -> None:
    check = check_database(server().url(server().new_database(), user="nobody", password="old"))

    assert check.level == "FAIL"
    assert check.then is not None
    assert "set the user and the password that the server knows" in check.then
