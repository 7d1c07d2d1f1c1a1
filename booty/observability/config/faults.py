"""What is wrong with one setting, in an operator's words."""

from __future__ import annotations

from pydantic_core import ErrorDetails

from booty.observability.config_errors import REMEDIES, Fault

WORDLESS = frozenset(
    {"string_pattern_mismatch", "bool_parsing", "float_parsing", "enum", "literal_error", "value_error"}
)
"""Pydantic's errors whose messages help an operator less than the remedy does."""


def name_of(detail: ErrorDetails) -> str:
    """Return the setting that pydantic found wrong."""
    return str(detail["loc"][0])


def fault_of(detail: ErrorDetails) -> Fault:
    """Return what is wrong with it, what to do."""
    name = name_of(detail)
    why = "" if detail["type"] in WORDLESS else f" ({detail['msg']})"
    return Fault(name, "is not set" if detail["type"] == "missing" else f"cannot be used{why}", REMEDIES[name])
