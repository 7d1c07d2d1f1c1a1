"""The values of what can be set, each read from its text by the function in its annotation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from msgspec.structs import fields

from booty.observability.config.environment import lacks
from booty.observability.config.kinds.plain import one_of
from booty.observability.config.variables import Variables
from booty.observability.config_errors import REMEDIES, Fault, Unusable

Reader = Callable[[str], object]
"""Raises `ValueError` for a text that it cannot take."""


def read_variables(
    given: Mapping[str, str], *, instead: Mapping[str, Reader]
) -> tuple[dict[str, Any], tuple[Fault, ...]]:
    """Return the value of every field of `Variables` that has one, with the faults of the others.

    What is in `instead`, by the variable's name, reads it in place of its own reader.
    """
    values: dict[str, Any] = {}
    faults = []
    for each in fields(Variables):
        name = each.encode_name
        if name in given:
            try:
                values[each.name] = (instead.get(name) or _reader(each.type))(given[name])
            except ValueError as error:
                why = f" ({error})" if isinstance(error, Unusable) else ""
                faults.append(Fault(name, f"cannot be used{why}", REMEDIES[name]))
        elif not each.required:
            values[each.name] = each.default
        elif lacks(given, name):
            faults.append(Fault(name, "is not set", REMEDIES[name]))
    return values, tuple(faults)


def _reader(annotation: Any) -> Reader:  # noqa: ANN401 - no type names all annotations
    """Return the reader in `Annotated[type, reader]`, or of one of a `Literal`'s words; `| None` is of the default."""
    kind = get_args(annotation)[0] if get_origin(annotation) in {Union, UnionType} else annotation
    reader: Reader = one_of(get_args(kind)) if get_origin(kind) is Literal else kind.__metadata__[0]
    return reader
