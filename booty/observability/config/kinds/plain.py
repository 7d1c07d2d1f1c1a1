"""The plain kinds: a switch, a number, a word of a few, a text of a form."""

from __future__ import annotations

import re
from collections.abc import Callable
from math import isfinite
from typing import Annotated

from booty.observability.alerts.severity import Severity
from booty.observability.config.environment import OFF, ON
from booty.observability.config_errors import Unusable


def _switch(text: str) -> bool:
    word = text.lower()
    if word not in ON | OFF:
        raise ValueError(text)
    return word in ON


def number(*, most: float, least: float | None = None, above: float | None = None) -> Callable[[str], float]:
    """Return what reads a decimal number within bounds: `6`, `0.5`, `1e3`, `1_000`; in ASCII, as all digits here."""

    def read(text: str) -> float:
        if not text.isascii() or "__" in f"_{text}_":
            raise ValueError(text)
        value = float(text.replace("_", ""))
        if not isfinite(value):
            raise ValueError(text)
        _check_bounds(value, least=least, above=above, most=most)
        return value

    return read


def whole_number(*, most: int, least: int = 0) -> Callable[[str], int]:
    """Return what reads a whole number within bounds, of digits alone: gunicorn takes no others."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal()):
            raise Unusable("is not a whole number")
        digits = text.lstrip("0") or "0"
        value = int(digits) if len(digits) <= len(str(most)) else most + 1  # however long it is
        _check_bounds(value, least=least, above=None, most=most)
        return value

    return read


def _check_bounds(value: float, *, least: float | None, above: float | None, most: float) -> None:
    if least is not None and value < least:
        raise Unusable(f"is less than {least}")
    if above is not None and value <= above:
        raise Unusable(f"is not above {above}")
    if value > most:
        raise Unusable(f"is more than {most}")


def one_of(words: tuple[str, ...]) -> Callable[[str], str]:
    """Return what reads one of `words`, as it is written there."""

    def read(text: str) -> str:
        return words[words.index(text)]

    return read


def of_form(form: str) -> Callable[[str], str]:
    """Return what reads a text that a regular expression matches as a whole."""
    pattern = re.compile(form)

    def read(text: str) -> str:
        text.encode()  # refuses the surrogates that bytes come as which are not UTF-8
        if pattern.fullmatch(text) is None:
            raise ValueError(text)
        return text

    return read


def _release(text: str) -> str:
    if text in {".", "..", "latest"}:
        raise Unusable("is a name that Sentry refuses")
    return of_form(r"[^\s/\\]{1,200}")(text)


Switch = Annotated[bool, _switch]
Level = Annotated[Severity, Severity]
Release = Annotated[str, _release]
