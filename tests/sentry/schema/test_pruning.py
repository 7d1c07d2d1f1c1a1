"""Which JSON holds too many values, what goes of it."""

from __future__ import annotations

from typing import Any

from booty.observability.sentry.schema.pruning import FEW, LONGEST, is_slight, shorten


def shortened(holder: Any) -> Any:  # noqa: ANN401 - a list or an object
    shorten(holder, LONGEST)
    return holder


def test_tells_a_body_of_few_values_from_one_of_many() -> None:
    assert is_slight(b'{"a":["x"]}' + b"x" * 100_000)
    assert not is_slight(b"{}," * FEW)


def test_keeps_both_ends_of_a_list_that_is_too_long() -> None:
    assert shortened(list(range(1000))) == [*range(100), *range(850, 1000)]


def test_keeps_the_first_keys_of_an_object_that_has_too_many() -> None:
    assert shortened(dict.fromkeys(range(1000))) == dict.fromkeys(range(LONGEST))


def test_leaves_what_is_not_too_long_as_it_is() -> None:
    assert shortened(list(range(LONGEST))) == list(range(LONGEST))
    assert shortened(dict.fromkeys(range(LONGEST))) == dict.fromkeys(range(LONGEST))
