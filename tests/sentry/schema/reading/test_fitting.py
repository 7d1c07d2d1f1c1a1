"""Typed reading finds what lenient models find, in whatever JSON it is given."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import Raw, field
from support import lenient

from booty.observability.sentry.schema.pruning import FEW, LONGEST
from booty.observability.sentry.schema.reading.fitting import mapping, pairs, part, read, several, values
from booty.observability.sentry.schema.reading.moments import moment
from booty.observability.sentry.schema.reading.plain import as_text
from booty.observability.sentry.schema.reading.repair import NotAnObject
from booty.observability.sentry.schema.reading.typed import Flag, Id, Moment, Position, Text, Typed, Whole, later


class Leaf(Typed):
    """An inner object."""

    name: Text = None


class Tree(Typed):
    """One field of every type."""

    text: Text = None
    id: Id = None
    at: Moment = None
    line: Position = None
    flag: Flag = None
    number: Whole = None
    leaf: Leaf | None = None
    leaves: tuple[Leaf, ...] = ()
    named: Text = field(name="camelCase", default=None)
    words: Raw = later("words")
    tags: Raw = later("tags")
    any: Raw = later("any")


class LenientLeaf(lenient.Lenient):
    """The same as a model."""

    name: lenient.Text = None


class LenientTree(lenient.Lenient):
    """The same as a model."""

    text: lenient.Text = None
    id: lenient.Text = None
    at: lenient.Moment = None
    line: lenient.Position = None
    flag: lenient.Flag = None
    number: lenient.Whole = None
    leaf: lenient.Maybe[LenientLeaf] = None
    leaves: lenient.Several[LenientLeaf] = ()
    camelCase: lenient.Text = None  # noqa: N815 - as it is sent
    words: lenient.Several[lenient.Word] = ()
    tags: lenient.Several[tuple[lenient.Word, lenient.Word]] = ()
    any: lenient.Maybe[dict[str, Any]] = None


def shown(value: object) -> str:
    """Write any JSON; what is not a number is one of three values, none of which is ever shown."""
    return re.sub(r"-?inf|nan", "?", repr(value))


def said_by_types(body: bytes) -> list[object] | None:
    try:
        tree = read(Tree, body)
    except NotAnObject:
        return None
    return [
        *(tree.text, as_text(tree.id), moment(tree.at), tree.line, tree.flag, tree.number),
        tree.leaf and (tree.leaf.name,),
        [each.name for each in tree.leaves],
        *(tree.named, several(str, tree.words), pairs(tree.tags), shown(mapping(tree.any))),
    ]


def said_by_models(body: bytes) -> list[object] | None:
    try:
        tree = lenient.read(LenientTree, body)
    except NotAnObject:
        return None
    return [
        *(tree.text, tree.id, tree.at, tree.line, tree.flag, tree.number),
        tree.leaf and (tree.leaf.name,),
        [each.name for each in tree.leaves],
        *(tree.camelCase, tree.words, tree.tags, shown(tree.any or {})),
    ]


ODD = (
    *("NaN", "-Infinity", "1e999", "-0", "1.50", "9" * 400, "9" * 5000, "true", "null", "{}", "[]", '""'),
    *(r'"\ud800"', r'"\ud83d\ude00"', r'"a\\ud800"', '"a\tb"', r'"\u0000"', '"12"', '"12.0"', '"yes"'),
    *('"2026-03-02T10:15:30.1234567Z"', '"2026-03-02"', "1772446530.5", "1772446530000", '"1772446530"'),
    *('[["a","b"]]', '[["a",1],["a"],null]', '[1,"a",null,NaN]', '[{"name":"a"},{"name":7},7]', '{"name":[]}'),
    *('{"a":1,"b":NaN,"a":[2]}', '{"name":"a","name":7}'),
)
FIELDS = (*LenientTree.model_fields, "unknown", "text")
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "a"]), inner, max_size=3),
    max_leaves=8,
)
tokens = st.sampled_from(ODD) | plain.map(lambda value: json.dumps(value, ensure_ascii=False))
bodies = st.lists(st.tuples(st.sampled_from(FIELDS), tokens), max_size=8).map(
    lambda pairs: "{" + ",".join(f'"{name}": {token}' for name, token in pairs) + "}"
)


@given(bodies, st.sampled_from(["", "\ufeff", " \n"]))
@example('{"text": 7, "leaves": [{"name": "a"}, null]}', "")
@example('{"unknown": NaN, "text": "a"}', "")
def test_finds_what_a_lenient_model_finds(body: str, before: str) -> None:
    sent = (before + body).encode("utf-8", "surrogatepass")

    assert said_by_types(sent) == said_by_models(sent)


@given(st.binary(max_size=3), st.integers(0, 60), bodies)
def test_takes_and_refuses_damaged_json_as_lenient_models_do(damage: bytes, at: int, body: str) -> None:
    sent = body.encode("utf-8", "surrogatepass")
    sent = sent[:at] + damage + sent[at + len(damage) :]

    assert said_by_types(sent) == said_by_models(sent)


def test_a_part_that_does_not_fit_costs_nothing_else() -> None:
    tree = read(Tree, b'{"text":"a","line":-1,"leaf":{"name":[]},"leaves":[7,{"name":"b"}],"camelCase":"c"}')

    assert tree == Tree(text="a", leaf=Leaf(), leaves=(Leaf(name="b"),), named="c")


def test_finds_a_list_beside_what_holds_one() -> None:
    assert values(Leaf, Raw(b'[{"name":"a"}]')) == values(Leaf, Raw(b'{"values":[{"name":"a"}]}')) == (Leaf(name="a"),)
    assert values(Leaf, Raw(b"7")) == values(Leaf, Raw(b'{"values":7}')) == values(Leaf, Raw()) == ()


def test_keeps_both_ends_of_a_list_of_very_many() -> None:
    many = Raw(json.dumps([{"name": str(number)} for number in range(FEW)]).encode())

    found = several(Leaf, many)

    assert len(found) == LONGEST
    assert (found[0].name, found[-1].name) == ("0", str(FEW - 1))


def test_lists_within_a_list_of_very_many_share_what_is_looked_at() -> None:
    many = Raw(json.dumps([{"leaves": [{}] * 1000} for _ in range(1000)]).encode())

    assert sum(len(tree.leaves) for tree in several(Tree, many)) <= FEW


@pytest.mark.parametrize(
    "odd", ["NaN", "-Infinity", r'"\ud800"', r'"\\\\\ud800"', r'"\udc00\ud83d\ude00"', '"a\tb\x01"', '"\udcff"']
)
@pytest.mark.parametrize("before", ["", "\ufeff", " \n"])
def test_reads_what_is_odd_in_a_body_of_very_many_values(odd: str, before: str) -> None:
    body = (
        f'{before}{{"any":[{odd},{odd}], "junk": [{"[[],{}]," * FEW}{odd}], "text": "a\\\\b", "leaf":{{"name":"c"}}}}'
    )

    tree = read(Tree, body.encode("utf-8", "surrogateescape"))

    assert tree == Tree(any=tree.any, text="a\\b", leaf=Leaf(name="c"))


@pytest.mark.parametrize("body", [b"", b"7", b"[]", b"null", b'{"text":', b'{"text":-NaN}', b'{"text":1NaN}'])
def test_refuses_what_holds_no_object(body: bytes) -> None:
    with pytest.raises(NotAnObject):
        read(Tree, body)


@pytest.mark.parametrize("levels", [199, 201, 900, 100_000])
def test_no_depth_breaks_it(levels: int) -> None:
    """Which of them are read depends on the version of Python."""
    deep = b'{"a":' * levels + b"1" + b"}" * levels
    with suppress(NotAnObject):
        tree = read(Tree, b'{"any":%s,"leaf":%s,"words":[%s]}' % (deep, deep, deep))
        assert isinstance(mapping(tree.any), dict)
        assert several(str, tree.words) == ()
    assert part(Leaf, Raw(deep)) in (Leaf(), None)
