"""What pydantic refuses, in an operator's words."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from booty.observability.config.environment import lacks
from booty.observability.config_errors import REMEDIES, Fault

WORDLESS = frozenset(
    {"string_pattern_mismatch", "bool_parsing", "float_parsing", "enum", "literal_error", "value_error"}
)
"""Pydantic's errors whose messages help an operator less than the remedy does."""


def refused(error: ValidationError, given: Mapping[str, str]) -> list[Fault]:
    """Return the faults of what was `given`, in the settings' order; of a file, those that were found in it."""
    details = error.errors(include_input=False, include_url=False)
    details.sort(key=lambda detail: list(REMEDIES).index(_name(detail)))
    told = (each for each in details if each["type"] != "missing" or lacks(given, _name(each)))
    return [fault for each in told for fault in _faults(each)]


def _name(detail: ErrorDetails) -> str:
    return str(detail["loc"][0])


def _faults(detail: ErrorDetails) -> tuple[Fault, ...]:
    name, in_file = _name(detail), detail.get("ctx", {}).get("faults", ())
    if in_file:
        return tuple(in_file)
    why = "" if detail["type"] in WORDLESS else f" ({detail['msg']})"
    return (Fault(name, "is not set" if detail["type"] == "missing" else f"cannot be used{why}", REMEDIES[name]),)
