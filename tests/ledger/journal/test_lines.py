"""The journal stays within its bounds, whatever happens."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.alerts import alert
from support.journal import lines
from support.ledger_doors import Ledger
from support.ledger_steps import DAY, NOW

from booty.observability.alerts.filters import Verdict
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.journal.lines import BLOCK, MOST, SWEPT_AT_ONCE, Pen, line_at


def write(of: Ledger, numbers: range, *, now: float) -> None:
    """Note as many decisions, each about a problem of its own."""
    pen = Pen()

    def work(shelf: Shelf) -> None:
        for number in numbers:
            pen.append(shelf, {"at": now + number, "fingerprint": f"1:{number}", "verdict": "below_severity"})

    of.engine.transact(work)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the directory of a ledger whose ring went round."""
    directory = tmp_path_factory.mktemp("full")
    write(Ledger(directory), range(MOST + 500), now=NOW)
    return directory


def test_the_newest_lines_are_kept_and_no_more(full: Path) -> None:
    kept = lines(full, now=NOW)

    assert len(kept) == MOST
    assert (kept[0].fingerprint, kept[-1].fingerprint) == ("1:500", f"1:{MOST + 499}")


def test_more_lines_take_no_more_room(full: Path) -> None:
    def size() -> int:
        return sum(path.stat().st_size for path in full.glob("*.sqlite3"))

    of = Ledger(full)
    of.engine.tidy()
    before = size()
    write(of, range(2 * MOST, 3 * MOST), now=NOW)
    of.engine.tidy()

    assert size() <= before * 1.05


def test_what_is_older_than_a_week_is_not_shown_and_then_gone(tmp_path: Path) -> None:
    of, later = Ledger(tmp_path), NOW + 8 * DAY
    write(of, range(10), now=NOW)
    write(of, range(10, 12), now=later)

    shown = [line.fingerprint for line in lines(tmp_path, now=later + 60)]
    for _ in range(MOST // SWEPT_AT_ONCE + 1):
        of.queue.forget(now=later)

    assert shown == ["1:10", "1:11"]
    assert of.engine.transact(lambda shelf: len(list(shelf.under("journal/")))) == 2
    assert [line.fingerprint for line in lines(tmp_path, now=later + 60)] == ["1:10", "1:11"]


def test_two_processes_write_beside_each_other(tmp_path: Path) -> None:
    one, other = Pen(), Pen()
    of = Ledger(tmp_path)

    def work(pen: Pen, name: str, at: int) -> None:
        line = {"at": NOW + at, "fingerprint": name, "verdict": "accepted"}
        of.engine.transact(lambda shelf: pen.append(shelf, line))

    for number in range(2 * BLOCK):
        work(one, f"1:{number}", 2 * number)
        work(other, f"2:{number}", 2 * number + 1)

    names = [line.fingerprint for line in lines(tmp_path, now=NOW + DAY)]
    assert names == [f"{pen}:{number}" for number in range(2 * BLOCK) for pen in (1, 2)]


@pytest.mark.parametrize("head", [None, [], {"next": "x"}, {"next": 7, "swept": None}, {"next": -3}])
@pytest.mark.parametrize(
    "line", [None, 7, {}, {"at": "x", "fingerprint": 1}, {"at": 1e999, "fingerprint": "1:1", "verdict": ""}]
)
def test_a_damaged_journal_costs_lines_and_no_alert(tmp_path: Path, head: object, line: object) -> None:
    of = Ledger(tmp_path)
    of.engine.transact(lambda shelf: shelf.update({"journal": head, "journal/00000": line, "journal/00003": line}))
    one = alert(fingerprint="1:9")

    assert of.claims.claim(one, lambda _: Verdict.ACCEPTED, now=NOW) is Verdict.ACCEPTED
    of.queue.forget(now=NOW)

    assert "1:9" in [each.fingerprint for each in lines(tmp_path, now=NOW)]


def test_a_line_that_made_room_for_another_is_not_taken_for_it(full: Path) -> None:
    def work(shelf: Shelf) -> list[object]:
        return [line_at(shelf, number, fingerprint="1:499") for number in (499, None, "499")]

    assert Ledger(full).engine.transact(work) == [None, None, None]


def test_lines_of_problems_that_say_the_same_are_not_put_together_with_others_between_them(tmp_path: Path) -> None:
    of = Ledger(tmp_path)
    below = alert(fingerprint="1:1")
    of.claims.note(below, Verdict.BELOW_SEVERITY, threshold="error", now=NOW)
    of.claims.claim(below, lambda _: Verdict.ACCEPTED, now=NOW + 1)
    Ledger(tmp_path).claims.note(below, Verdict.BELOW_SEVERITY, threshold="error", now=NOW + 2)

    assert [line.verdict for line in lines(tmp_path, now=NOW + 3)] == ["below_severity", "accepted", "below_severity"]
