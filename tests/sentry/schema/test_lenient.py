"""Reading JSON into models that no value can break."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from booty.observability.sentry.schema.lenient import (
    Flag,
    Lenient,
    Maybe,
    Moment,
    NotAnObject,
    Position,
    Several,
    Text,
    Word,
    as_text,
    read,
)


class Leaf(Lenient):
    """An inner object."""

    name: Text = None


class Tree(Lenient):
    """One field of every type."""

    text: Text = None
    at: Moment = None
    line: Position = None
    flag: Flag = False
    leaf: Maybe[Leaf] = None
    leaves: Several[Leaf] = ()
    words: Several[Word] = ()


def test_reads_what_fits() -> None:
    tree = read(
        Tree,
        b'{"text":"a","at":"2026-03-02T10:15:30Z","line":7,"flag":true,"leaf":{"name":"b"},"leaves":[{}],"words":["c"]}',
    )

    assert tree == Tree(
        text="a",
        at=datetime(2026, 3, 2, 10, 15, 30, tzinfo=UTC),
        line=7,
        flag=True,
        leaf=Leaf(name="b"),
        leaves=(Leaf(),),
        words=("c",),
    )


@pytest.mark.parametrize("value", [b"null", b"[[]]", b"{}", b'"\\u0000"', b"-1e999", b"NaN", b"1" * 9000])
def test_a_value_that_does_not_fit_leaves_the_field_at_rest(value: bytes) -> None:
    fields = (b"text", b"at", b"line", b"flag", b"leaf", b"leaves", b"words")
    tree = read(Tree, b"{" + b",".join(b'"%s":%s' % (field, value) for field in fields) + b"}")

    assert tree.line is None
    assert tree.flag is False
    assert tree.leaves == ()
    assert tree.words == ()


def test_an_item_that_does_not_fit_is_left_out() -> None:
    tree = read(Tree, b'{"leaves":[null,{"name":"a"},7,[],{"name":null}],"words":[null,"a",{},1]}')

    assert tree.leaves == (Leaf(name="a"), Leaf())
    assert tree.words == ("a", "1")


CONSTANTS = (b"NaN", b"Infinity", b"-Infinity", b"1e400", b"-1E999", b"9" * 309, b"-" + b"9" * 400, b"9" * 5000)
READERS = {"fast": b"", "odd": rb',"half":"\ud800"'}
"""The second one is what only Python's own parser reads, and so is an integer of 5000 digits."""


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("constant", CONSTANTS, ids=lambda constant: constant[:9].decode() + f"({len(constant)})")
def test_what_is_not_a_number_is_absent_wherever_it_is(constant: bytes, reader: str) -> None:
    places = b'"text":%s,"at":%s,"leaf":{"name":%s},"leaves":[{"name":%s}],"words":["a",%s,"b"]'
    tree = read(Tree, b"{" + places.replace(b"%s", constant) + READERS[reader] + b"}")

    assert tree == Tree(leaf=Leaf(), leaves=(Leaf(),), words=("a", "b"))


@pytest.mark.parametrize("reader", READERS)
def test_a_python_without_a_limit_of_digits_reads_no_number_of_a_million(reader: str) -> None:
    """It would take minutes: the time grows with their square. Ubuntu 22.04's Python 3.11 is such a one."""
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        began = time.thread_time()
        tree = read(Tree, b'{"text":%s,"line":7%s}' % (b"9" * 1_000_000, READERS[reader]))
    finally:
        sys.set_int_max_str_digits(limit)

    assert tree == Tree(line=7)
    assert time.thread_time() - began < 1


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    ("number", "text"),
    [(b"0", "0"), (b"-7", "-7"), (b"2.5", "2.5"), (b"4507012345678848", "4507012345678848"), (b"9" * 200, "9" * 200)],
    ids=lambda value: str(len(value)),
)
def test_a_number_is_taken_for_text_to_its_last_digit(number: bytes, text: str, reader: str) -> None:
    assert read(Tree, b'{"text":%s%s}' % (number, READERS[reader])).text == text


@pytest.mark.parametrize(
    ("value", "text"),
    [("a", "a"), (7, "7"), (2.5, "2.5"), (True, "True"), (None, None), ([], None), ({}, None)]
    + [(float(constant), None) for constant in ("nan", "inf", "-inf")]
    + [(10**309, None), (-(10**5000), None)],
    ids=lambda value: str(value) if not isinstance(value, int) else "number",
)
def test_writes_plain_values_of_any_json_as_text(value: object, text: str | None) -> None:
    assert as_text(value) == text


@pytest.mark.parametrize(
    "body",
    [b"", b"7", b"[]", b'{"text":', b"{'text':1}", b'{"a":' * 100_000],
    ids=lambda body: body[:9],
)
def test_refuses_what_holds_no_object(body: bytes) -> None:
    with pytest.raises(NotAnObject):
        read(Tree, body)


@pytest.mark.parametrize("levels", [199, 201, 5000, 100_000])
def test_no_depth_breaks_it(levels: int) -> None:
    """Which of them are read depends on the version of Python."""
    with suppress(NotAnObject):
        read(Tree, b'{"a":' * levels + b"1" + b"}" * levels)
