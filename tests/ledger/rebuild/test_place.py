"""A rebuild goes on where it was interrupted, and begins only in a ledger that knows nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.ledger_steps import alert, claim, ledger

from booty.observability.ledger.rebuild.place import NotEmpty, Place, advance, begin


def test_a_new_ledger_is_read_from_the_first_page_on(tmp_path: Path) -> None:
    assert ledger(tmp_path).engine.transact(begin) == Place(0, 1)


def test_an_alert_that_comes_after_it_was_begun_does_not_end_it(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    of.engine.transact(begin)
    claim(of, alert())

    assert of.engine.transact(begin) == Place(0, 1)


def test_it_goes_on_with_the_page_and_the_repository_where_it_was_interrupted(tmp_path: Path) -> None:
    of, place = ledger(tmp_path), Place(1, 7, "acme/web")
    of.engine.transact(lambda shelf: advance(shelf, place))

    assert of.engine.transact(begin) == place


def test_once_all_was_read_there_is_nothing_to_go_on_with(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    of.engine.transact(lambda shelf: advance(shelf, None))

    assert of.engine.transact(begin) is None


def test_a_ledger_that_knows_a_problem_is_left_alone(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    claim(of, alert())

    with pytest.raises(NotEmpty):
        of.engine.transact(begin)
