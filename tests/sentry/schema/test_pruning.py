"""JSON with too many values is cut down, and no other."""

from __future__ import annotations

import json
from typing import Any

import pytest

from booty.observability.sentry.schema.pruning import DEEPEST, FEW, LONGEST, is_slight, pruned


def count(value: Any) -> int:  # noqa: ANN401 - any JSON value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(count, inner))


def nested(levels: int) -> Any:  # noqa: ANN401 - any JSON value
    return {"a": [nested(levels - 1)]} if levels else 1


def test_leaves_what_is_not_large_as_it_is() -> None:
    value = {"frames": [{"lineno": number} for number in range(LONGEST)], "a": None, "b": nested(20)}

    assert pruned(json.loads(json.dumps(value))) == value


def test_keeps_both_ends_of_a_list_that_is_too_long() -> None:
    assert pruned({"a": list(range(1000))}) == {"a": [*range(100), *range(850, 1000)]}


def test_keeps_the_first_keys_of_an_object_that_has_too_many() -> None:
    assert pruned(dict.fromkeys(map(str, range(1000)))) == dict.fromkeys(map(str, range(LONGEST)))


def test_empties_what_nests_too_deep() -> None:
    assert count(pruned(nested(300))) <= DEEPEST + 1


@pytest.mark.parametrize(
    "value",
    [[[{} for _ in range(200)] for _ in range(200)], [[[[[{}] * 9] * 9] * 9] * 9] * 9, {"a": [[1] * 200] * 200}],
    ids=["objects", "deep", "numbers"],
)
def test_holds_no_more_values_than_can_be_looked_at(value: object) -> None:
    assert count(pruned(json.loads(json.dumps(value)))) <= FEW + 2 * LONGEST + 2


def test_keeps_what_is_near_the_top_however_much_stands_before_it() -> None:
    value = {"junk": [[[[0] * 200] * 200] * 10], "event": {"title": "KeyError", "tags": [["a", "b"]]}}

    assert pruned(json.loads(json.dumps(value)))["event"] == value["event"]


def test_tells_a_body_of_few_values_from_one_of_many() -> None:
    assert is_slight(b'{"a":["x"]}' + b"x" * 100_000)
    assert not is_slight(b"{}," * FEW)
