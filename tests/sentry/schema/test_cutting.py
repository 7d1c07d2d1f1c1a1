"""JSON with too many values is cut down as text."""

from __future__ import annotations

import json
from contextlib import suppress
from itertools import cycle, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booty.observability.sentry.schema.cutting import cut, ends, members
from booty.observability.sentry.schema.pruning import FEW, LONGEST, shorten, values_in
from booty.observability.typed_json.decoding import UNFIT

MANY = [{"a": [1, 2]}] * 100_000


def written(value: object) -> bytes:
    return json.dumps(value).encode()


def test_leaves_what_has_few_values_as_it_is() -> None:
    assert cut(b' [1, {"a" :2}]') == b' [1, {"a" :2}]'
    assert cut(b'"%s"' % (b"," * FEW)) == b'"%s"' % (b"," * FEW)


def test_what_has_few_values_keeps_them_beside_what_has_many() -> None:
    few = {"title": "KeyError", "tags": [["a", "b"]] * 100, "text": "a, b" * 100}

    kept = json.loads(cut(written({"junk": MANY, **few, "more": {"a": MANY}})))

    assert {name: kept[name] for name in few} == few
    assert len(kept["junk"]) == len(kept["more"]["a"]) == LONGEST


@pytest.mark.parametrize(
    "value",
    [MANY, {"a": {"b": [MANY]}}, dict.fromkeys(map(str, range(100_000))), [[[[[{}] * 9] * 9] * 9] * 9] * 9],
    ids=["list", "nested", "keys", "lists"],
)
def test_holds_no_more_values_than_can_be_looked_at(value: object) -> None:
    kept = cut(written(value))

    assert 0 < values_in(kept) <= FEW + LONGEST
    assert type(json.loads(kept)) is type(value)


def test_empties_what_has_many_values_and_nests_too_deep() -> None:
    assert values_in(cut(b"[" * 100 + written(MANY) + b"]" * 100)) < LONGEST


@pytest.mark.parametrize("text", [b"[" * FEW, b"[1," * FEW, b"[1]" * FEW, b"{" + b"," * FEW])
def test_refuses_what_is_not_json(text: bytes) -> None:
    with pytest.raises(UNFIT):
        cut(text)


def test_what_nests_deep_is_refused_or_emptied() -> None:
    """Python 3.14 reads as deep as the stack lasts, older ones some thousand levels."""
    with suppress(*UNFIT):
        assert values_in(cut(b"[" * FEW + b"]" * FEW)) < LONGEST


ITEMS = st.sampled_from(
    ["1", "{}", '"a,b"', '"],["', r'"\",1,\""', '[1,[2,"[,"]]', '{"a":{"b":[1,2]},"c":","}', f'"{"1," * 5000}"']
)


@given(st.lists(ITEMS, max_size=30), st.integers(0, 600), st.integers(0, LONGEST))
def test_the_ends_of_a_list_are_what_shortening_leaves_of_it(kinds: list[str], length: int, most: int) -> None:
    items = list(islice(cycle(kinds or ["1"]), length))
    whole = [json.loads(each) for each in items]
    shorten(whole, most)

    assert [json.loads(bytes(each)) for each in ends(f"[{', '.join(items)}]".encode(), most)] == whole


@given(st.lists(ITEMS, max_size=30), st.integers(0, 600), st.integers(0, LONGEST))
def test_the_members_of_an_object_are_what_shortening_leaves_of_it(kinds: list[str], length: int, most: int) -> None:
    items = dict(enumerate(islice(cycle(kinds or ["1"]), length)))
    whole = {f"a,{name}": json.loads(each) for name, each in items.items()}
    shorten(whole, most)

    sent = ", ".join(f'"a,{name}": {each}' for name, each in items.items())

    assert {name: json.loads(bytes(each)) for name, each in members(f"{{{sent}}}".encode(), most).items()} == whole
