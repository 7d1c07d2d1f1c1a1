"""JSON that strict readers refuse is read all the same, and nothing of it is lost that others would keep."""

from __future__ import annotations

import json
from typing import Any

import pytest

from booty.observability.sentry.schema.reading.repair import DEEPEST, empty_below, rewritten


def nested(levels: int, *, inner: object = 1) -> Any:  # noqa: ANN401 - any JSON value
    return {"a": [nested(levels - 2, inner=inner)]} if levels else inner


@pytest.mark.parametrize(
    "value", [7, "a", [], {}, {"a": [*range(1000)]}, nested(DEEPEST)], ids=lambda value: str(value)[:9]
)
def test_leaves_as_it_is_what_does_not_nest_too_deeply(value: object) -> None:
    assert json.loads(rewritten(json.dumps(value).encode())) == value


def test_empties_what_nests_too_deeply() -> None:
    assert json.loads(rewritten(json.dumps(nested(600)).encode())) == nested(DEEPEST, inner={})


def test_empties_objects_as_well_as_lists_at_the_level_that_is_named() -> None:
    value = {"a": {"b": [1]}, "c": [[2]], "d": 3}
    empty_below(value, 2)

    assert value == {"a": {"b": []}, "c": [[]], "d": 3}
