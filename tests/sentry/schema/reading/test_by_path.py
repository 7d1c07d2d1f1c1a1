"""Values are found by their paths, in whatever JSON is given."""

from __future__ import annotations

import json
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import AliasChoices, AliasPath, Field
from support import lenient

from booty.observability.sentry.schema.reading.by_path import Picked, at, read, rows
from booty.observability.sentry.schema.reading.repair import NotAnObject
from booty.observability.sentry.schema.reading.typed import Flag, Number, Position, Text, Time, Words


class Leaf(Picked):
    """An inner object."""

    name: Text = None


class Tree(Picked):
    """One field of every type."""

    text: Text = None
    when: Time = at("at")
    line: Position = None
    flag: Flag = None
    leaf: Leaf | None = None
    leaves: tuple[Leaf, ...] = ()
    words: tuple[str, ...] = ()


def test_reads_what_fits() -> None:
    tree = read(
        Tree,
        b'{"text":"a","at":"2026-03-02T10:15:30Z","line":7,"flag":true,"leaf":{"name":"b"},"leaves":[{}],"words":["c"]}',
    )

    assert tree == Tree(
        text="a",
        when=datetime(2026, 3, 2, 10, 15, 30, tzinfo=UTC),
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
    assert tree.flag is None
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


class Deep(Picked):
    """Values at paths."""

    one: Text = at("a.b")
    either: Number = at("a.c", "a.d.c", "c")
    first: Leaf | None = at("list.0.a", "list.0")
    words: Words = at("b")
    leaves: tuple[Leaf, ...] = at("a.list", default=())


class LenientLeaf(lenient.Lenient):
    """The same as a model."""

    name: lenient.Text = None


class LenientDeep(lenient.Lenient):
    """The same as a model."""

    one: lenient.Text = Field(None, validation_alias=AliasPath("a", "b"))
    either: lenient.Number = Field(
        None, validation_alias=AliasChoices(AliasPath("a", "c"), AliasPath("a", "d", "c"), "c")
    )
    first: lenient.Maybe[LenientLeaf] = Field(
        None, validation_alias=AliasChoices(AliasPath("list", 0, "a"), AliasPath("list", 0))
    )
    word: lenient.Text = Field(None, validation_alias=AliasPath("b"))
    words: lenient.Several[lenient.Word] = Field((), validation_alias=AliasPath("b"))
    leaves: lenient.Several[LenientLeaf] = Field((), validation_alias=AliasPath("a", "list"))


keys = st.sampled_from(["a", "b", "c", "d", "list", "name"])
leaf = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.sampled_from(["1", "x"])
objects = st.dictionaries(
    keys,
    st.recursive(leaf, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(keys, inner, max_size=4)),
)


@given(objects)
@example({"a": {"b": 1, "c": None, "d": {"c": 2}}, "c": 3})
@example({"a": {"d": {"c": "2.5"}}, "list": [{"a": {"name": "x"}}], "b": ["a", 1, None]})
@example({"list": [{"name": 7}], "a": {"list": [{}, 7, {"name": "y"}]}, "b": 5})
def test_finds_what_a_lenient_model_finds_at_the_same_paths(sent: dict[str, object]) -> None:
    body = json.dumps(sent).encode()
    found, expected = read(Deep, body), lenient.read(LenientDeep, body)

    assert (found.one, found.either) == (expected.one, expected.either)
    assert (found.first and found.first.name) == (expected.first and expected.first.name)
    assert (found.first is None) is (expected.first is None)
    assert [leaf.name for leaf in found.leaves] == [leaf.name for leaf in expected.leaves]
    assert (found.words or None) == (expected.word or expected.words or None)


def test_reads_the_rows_of_a_list() -> None:
    assert rows(Leaf, b'[{"name":"a"},7,null,{"name":NaN}]') == (Leaf(name="a"), Leaf())


@pytest.mark.parametrize("body", [b"", b"{}", b"7", b"[", b"[" * 100_000], ids=lambda body: body[:9])
def test_refuses_what_holds_no_list(body: bytes) -> None:
    with pytest.raises(NotAnObject):
        rows(Leaf, body)
