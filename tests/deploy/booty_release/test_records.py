"""Which release a rollback goes to, and which ones go: decided from the records alone."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from booty_release import records
from booty_release.layout import Layout
from booty_release.records import Record

State = Literal["verified", "left", "bad"]


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    made = Layout(tmp_path)
    for folder in (made.releases, made.venvs, made.records):
        folder.mkdir()
    return made


def sha(letter: str) -> str:
    return letter * 40


def add(layout: Layout, letter: str, minute: int, state: State = "verified", *, turn: int = 0) -> None:
    layout.release(sha(letter)).mkdir()
    at = f"2026-11-24T10:{minute:02}:00.000+00:00"
    records.save(layout, Record(sha=sha(letter), state=state, at=at, actor="octocat", run="-", turn=turn))


def test_a_rollback_goes_to_the_release_that_served_before(layout: Layout) -> None:
    add(layout, "a", 1)
    add(layout, "b", 2)
    add(layout, "c", 3)
    layout.switch(sha("c"))

    assert records.previous(layout) == sha("b")


def test_a_rollback_passes_over_bad_releases_and_those_without_a_readable_record(layout: Layout) -> None:
    add(layout, "a", 1)
    add(layout, "b", 2, "bad")
    add(layout, "c", 3)
    add(layout, "d", 4)
    (layout.records / f"{sha('c')}.json").write_text("{")
    layout.switch(sha("d"))

    assert records.previous(layout) == sha("a")


def test_the_order_of_releases_does_not_hang_on_the_clock(layout: Layout) -> None:
    add(layout, "a", 50)  # by an older program, which counts no turns
    add(layout, "b", 40, turn=1)
    add(layout, "c", 2, turn=2)  # the clock was set back
    add(layout, "d", 30, turn=3)
    layout.switch(sha("d"))

    assert [record.sha for record in records.verified(layout)] == [sha("d"), sha("c"), sha("b"), sha("a")]
    assert records.previous(layout) == sha("c")
    assert records.next_turn(layout) == 4


def folder(path: Path) -> None:
    (path / "inside").mkdir(parents=True)


@pytest.mark.parametrize(
    "make", [folder, os.mkfifo, lambda path: path.symlink_to("nowhere")], ids=["folder", "fifo", "link"]
)
def test_what_is_not_a_file_in_the_place_of_a_record_makes_way(layout: Layout, make: Callable[[Path], object]) -> None:
    for letter in "ab":
        make(layout.records / f"{sha(letter)}.json")

    add(layout, "a", 1)
    records.forget(layout, sha("b"))

    assert [record.sha for record in records.verified(layout)] == [sha("a")]
    assert records.load(layout, sha("b")) is None
    assert not (layout.records / f"{sha('b')}.json").exists()


def test_a_record_that_never_ends_is_not_read(layout: Layout) -> None:
    add(layout, "a", 1)
    os.mkfifo(layout.records / f"{sha('b')}.json")

    assert [record.sha for record in records.verified(layout)] == [sha("a")]


WHOLE = '{"sha": "%s", "state": "verified", "at": "2030", "actor": "%s", "run": "-", "turn": 2}'


@pytest.mark.parametrize(
    "garbage",
    [
        "",
        "{",
        "[]",
        "null",
        '{"turn": "x"}',
        "\x00" * 400,
        '{"turn": 1e400}',
        pytest.param("[" * 100_000, id="nested"),
        pytest.param(WHOLE % (sha("f"), "octocat"), id="of-another-release"),
        pytest.param(WHOLE % (sha("b"), r"\ud800"), id="half-a-pair"),
    ],
)
def test_a_garbage_record_costs_nothing_but_itself(layout: Layout, garbage: str) -> None:
    add(layout, "a", 1, turn=1)
    add(layout, "b", 2, turn=2)
    add(layout, "c", 3, turn=3)
    (layout.records / f"{sha('b')}.json").write_text(garbage)
    (layout.records / "stray.json").write_text(garbage)
    layout.switch(sha("c"))

    assert records.previous(layout) == sha("a")
    assert records.next_turn(layout) == 4
    assert records.superfluous(layout) == [sha("b")]


@pytest.mark.parametrize("turn", [10**9, 2**63, 10**4000, -7, True])
def test_a_turn_that_nobody_counted_up_to_does_not_shift_the_order_of_the_others(layout: Layout, turn: int) -> None:
    for number, letter in enumerate("abcd", start=1):
        add(layout, letter, number, turn=number)
    path = layout.records / f"{sha('b')}.json"
    path.write_text(path.read_text().replace('"turn": 2', f'"turn": {json.dumps(turn)}'))
    layout.switch(sha("d"))

    assert records.previous(layout) == sha("c")
    assert records.next_turn(layout) == 5
    assert [record.sha for record in records.verified(layout) if record.sha != sha("b")] == [
        sha(each) for each in "dca"
    ]


def test_a_huge_turn_of_the_current_release_is_the_end_of_no_count(layout: Layout) -> None:
    for number, letter in enumerate("abc", start=1):
        add(layout, letter, number, turn=number)
    add(layout, "d", 4, turn=10**4300 - 1)
    layout.switch(sha("d"))

    before = records.previous(layout)
    add(layout, "e", 5, turn=records.next_turn(layout))
    layout.switch(sha("e"))

    assert before == sha("c")
    assert records.verified(layout)[0].sha == sha("e")
    assert records.previous(layout) == sha("c")


def test_a_record_with_values_of_other_types_is_an_unreadable_one(layout: Layout) -> None:
    add(layout, "a", 1)
    add(layout, "b", 2)
    odd = '{"sha": "%s", "state": "verified", "at": 5, "actor": null, "run": [], "note": ""}'
    (layout.records / f"{sha('b')}.json").write_text(odd % sha("b"))

    assert records.load(layout, sha("b")) is None
    assert [record.sha for record in records.verified(layout)] == [sha("a")]


def test_what_a_newer_program_added_to_a_record_does_not_make_it_unreadable(layout: Layout) -> None:
    add(layout, "a", 1)
    path = layout.records / f"{sha('a')}.json"
    path.write_text(path.read_text().replace("{", '{"signed_by": "somebody", ', 1))

    assert [record.sha for record in records.verified(layout)] == [sha("a")]


def test_a_rollback_never_goes_forward_to_a_deploy_that_was_killed_before_its_switch(layout: Layout) -> None:
    add(layout, "a", 1)
    add(layout, "b", 2)
    add(layout, "c", 3)
    layout.switch(sha("b"))

    assert records.previous(layout) == sha("a")


def test_there_may_be_nothing_to_go_back_to(layout: Layout) -> None:
    assert records.previous(layout) is None

    add(layout, "a", 1)
    layout.switch(sha("a"))

    assert records.previous(layout) is None


def test_the_last_five_that_served_stay_and_so_does_the_current_one_however_old(layout: Layout) -> None:
    for minute, letter in enumerate("0123456"):
        add(layout, letter, minute)
    add(layout, "f", 9, "bad")
    layout.release(sha("e")).mkdir()
    layout.switch(sha("0"))

    assert records.superfluous(layout) == [sha("1"), sha("2"), sha("e"), sha("f")]
    assert records.superfluous(layout, arriving=sha("6")) == [sha("0"), sha("1"), sha("e"), sha("f")]


def test_a_release_half_unpacked_is_no_release(layout: Layout) -> None:
    (layout.releases / f"{sha('a')}.partial").mkdir()

    assert layout.present() == []
