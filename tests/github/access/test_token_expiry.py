"""The end of the token's life, as GitHub names it."""

from __future__ import annotations

from pathlib import Path

import pytest
from requests.structures import CaseInsensitiveDict

from booty.observability.exchange import Answer
from booty.observability.github.access.token_expiry import HEADER, TokenExpiry, expiry
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.watch.token import TokenBook, expiry_in

MOMENT = 1_823_331_600.0  # 2027-10-12T09:00:00Z


def answer(expires: str | None, status: int = 200) -> Answer:
    return Answer(status, CaseInsensitiveDict({} if expires is None else {HEADER.lower(): expires}), b"")


def known(engine: SqliteEngine) -> float | None:
    return engine.transact(lambda shelf: expiry_in(shelf, "mark"))


@pytest.mark.parametrize(
    "text",
    [
        "2027-10-12 09:00:00 UTC",
        "2027-10-12 09:00:00 +0000",
        "2027-10-12 11:00:00 +0200",
        "2027-10-12T09:00:00Z",
        " 2027-10-12 09:00:00 ",
        "2027-10-12 02:00:00 -0700",
    ],
)
def test_reads_the_moment_in_every_form_that_was_seen(text: str) -> None:
    assert expiry(text) == MOMENT


@pytest.mark.parametrize("text", ["", "never", "2027-13-40", "12 Oct 2027", "9" * 500, "\u0662\u0660"])
def test_what_is_no_moment_is_no_end(text: str) -> None:
    assert expiry(text) is None


def test_keeps_what_the_last_answer_said(tmp_path: Path) -> None:
    engine = SqliteEngine(tmp_path)
    noticing = TokenExpiry(TokenBook(engine, token="mark"))
    noticing.notice(answer("2027-10-12 09:00:00 UTC"))

    assert known(engine) == MOMENT
    noticing.notice(answer(None))
    assert known(engine) is None


@pytest.mark.parametrize("status", [304, 401, 403, 502])
def test_an_answer_that_is_no_success_does_not_say_that_there_is_no_end(tmp_path: Path, status: int) -> None:
    engine = SqliteEngine(tmp_path)
    noticing = TokenExpiry(TokenBook(engine, token="mark"))
    noticing.notice(answer("2027-10-12 09:00:00 UTC"))
    noticing.notice(answer(None, status))

    assert known(engine) == MOMENT


def test_a_ledger_that_cannot_be_written_to_is_asked_again_with_the_next_answer(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.write_text("no directory")
    engine = SqliteEngine(state)
    noticing = TokenExpiry(TokenBook(engine, token="mark"))
    noticing.notice(answer("2027-10-12 09:00:00 UTC"))
    state.unlink()
    noticing.notice(answer("2027-10-12 09:00:00 UTC"))

    assert known(engine) == MOMENT


def test_an_apps_token_has_no_end_that_anybody_should_know_of(tmp_path: Path) -> None:
    engine = SqliteEngine(tmp_path)
    TokenBook(engine, token="mark").note(MOMENT)
    TokenExpiry(TokenBook(engine, token="mark"), is_renewed=True).notice(answer("2027-10-12 09:00:00 UTC"))

    assert known(engine) is None
