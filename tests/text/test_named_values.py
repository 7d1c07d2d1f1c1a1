"""The name beside a value, in whatever shape of JSON the two stand."""

from __future__ import annotations

import pytest

from booty.observability.text.named_values import named_values


@pytest.mark.parametrize(
    ("holder", "name"),
    [
        ({"user": "ann", "password": "x"}, "password"),
        ({"key": "password", "value": "x"}, "password"),
        ({"value": "x", "Name": "'password'"}, "'password'"),
        (["password", "x"], "password"),
        (["psql", "--password", "x"], "--password"),
        (["'--password'", "'x'", "'shop'"][:2], "'--password'"),
        (["user", "password", "x"], None),
        ([5, "x"], None),
    ],
)
def test_tells_by_which_name_a_value_stands(holder: dict[str, object] | list[object], name: str | None) -> None:
    names = {str(each).strip("'"): found for _, found, each in named_values(holder)}

    assert names["x"] == name
