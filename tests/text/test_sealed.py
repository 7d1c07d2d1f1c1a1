"""A secret is shown by nothing but its own word."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

import msgspec
import pytest

from booty.observability.text.sealed import Secret

SWORDFISH = Secret("swordfish")


def test_gives_the_text_to_whoever_asks_for_it() -> None:
    assert SWORDFISH.reveal() == "swordfish"


def test_two_of_the_same_text_are_equal_and_neither_equals_the_text() -> None:
    assert {Secret("swordfish"), SWORDFISH} == {SWORDFISH}
    assert Secret("sword") != SWORDFISH
    assert SWORDFISH != "swordfish"


def test_is_shown_nowhere_that_a_value_is_printed() -> None:
    @dataclass
    class Holder:
        secret: Secret

    shown = f"{SWORDFISH} {SWORDFISH!r} {SWORDFISH!s} {[SWORDFISH]} {Holder(SWORDFISH)} {asdict(Holder(SWORDFISH))}"

    assert "sword" not in shown + json.dumps({"secret": SWORDFISH}, default=repr)


def test_its_length_is_not_shown() -> None:
    assert repr(Secret("")) == repr(SWORDFISH)


@pytest.mark.parametrize("write", [json.dumps, msgspec.json.encode, msgspec.to_builtins])
def test_cannot_be_written_as_json(write: Callable[[object], object]) -> None:
    with pytest.raises(TypeError):
        write(SWORDFISH)
