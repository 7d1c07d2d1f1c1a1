"""Plain values are read as a lenient pydantic model reads them."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from support import lenient

from booty.observability.sentry.schema.reading import plain, typed
from booty.observability.sentry.schema.reading.plain import as_text

KINDS: dict[Any, Any] = {
    typed.Text: lenient.Text,
    typed.Number: lenient.Number,
    typed.Whole: lenient.Whole,
    typed.Count: lenient.Count,
    typed.Position: lenient.Position,
    typed.Flag: lenient.Flag,
}
REFERENCES = {kind: TypeAdapter[Any](reference) for kind, reference in KINDS.items()}
WORDS = ("1", "0", "true", "T", "Yes", "y", "on", "off", "FALSE", "f", "no", "N", "nan", "inf", " true", "", "abc")
NUMBERS = st.from_regex(r"\A[ +-]?\d{1,20}(?:_?\d)?(?:\.\d{0,3})?(?:e\d)?\s?\Z")


def is_alike(value: object) -> bool:
    """Return whether pydantic is as lenient: spaces about an underscore it refuses, and some of the separators."""
    if isinstance(value, str):
        return ("_" not in value or value == value.strip()) and not set("\x1c\x1d\x1e\x1f") & set(value)
    return not isinstance(value, float) or not isfinite(value) or abs(value) <= plain.LARGEST


values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from([2**31, 2**53, 2**63, 1e15, 1e19, 10**309]),
    st.text(max_size=5), st.sampled_from(WORDS), NUMBERS, st.just([]), st.just({}),
).filter(is_alike)  # fmt: skip


@given(values)
@example("1_000")
@example("1.0")
@example("\u0661")
def test_finds_what_a_lenient_model_finds(value: object) -> None:
    sent = json.dumps(value).encode()

    found = {str(kind): repr(plain.READERS[kind](value)) for kind in KINDS}

    assert found == {str(kind): repr(reference.validate_json(sent)) for kind, reference in REFERENCES.items()}


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_no_text_is_too_long_for_it(kind: Any) -> None:  # noqa: ANN401 - a type
    for text in ("9" * 1_000_000, "1_" * 1_000_000, f"1.{'0' * 1_000_000}a"):
        assert plain.READERS[kind](text) in (None, text)


@pytest.mark.parametrize(
    ("value", "text"),
    [("a", "a"), (7, "7"), (2.5, "2.5"), (True, "True"), (None, None), ([], None), ({}, None)]
    + [(float(constant), None) for constant in ("nan", "inf", "-inf")]
    + [(10**309, None), (-(10**5000), None)],
    ids=lambda value: str(value) if not isinstance(value, int) else "number",
)
def test_writes_plain_values_of_any_json_as_text(value: object, text: str | None) -> None:
    assert as_text(value) == text
