r"""JSON that strict readers refuse though Python reads it: `NaN`, `\ud800`, a BOM, broken UTF-8, control characters."""

from __future__ import annotations

import json
import re
import sys
from codecs import BOM_UTF8
from json import JSONDecodeError
from typing import Any

from booty.observability.sentry.schema.cutting import cut
from booty.observability.sentry.schema.pruning import is_slight

NO_NUMBER = "9" * 400
UNREADABLE = re.compile(r"(?<!\d)\d{4300,}+", re.ASCII)
CONSTANT = re.compile(rb'("[^"\\]*+(?:\\.[^"\\]*+)*")|-?Infinity|NaN', re.DOTALL)
BEYOND = b"1e999"
"""What is not a number, as JSON: no double is as large."""
SPACES = bytes.maketrans(bytes(range(0x20)), b" " * 0x20)
NO_NUMBER_AT_ALL = re.compile(rb"NaN(?<=[:,\[ ]NaN)(?= *+[,\]}])|Infinity(?<=[:,\[ -]Infinity)(?= *+[,\]}])")
LONE = re.compile(rb"\\u[dD](?:[89abAB]..(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..\\u[dD])[c-fC-F]..)")
"""Half a surrogate pair."""
DEEPEST = 100
"""Levels that are kept: of more than some 200, one reader or another refuses all. Sentry nests some fifteen."""


class NotAnObject(ValueError):
    """The text is not JSON, nests too deeply to be read, or is not a JSON object."""


def in_utf8(body: bytes) -> bytes:
    """Return `body`, with a replacement character for what is not UTF-8."""
    if body.isascii():
        return body
    try:
        body.decode()
    except UnicodeDecodeError:
        return body.decode("utf-8", "replace").encode()
    return body


def rewritten(body: bytes) -> bytes:
    """Return what Python reads in `body` as JSON that every reader takes, without what nests too deeply.

    Of very many values `cut` leaves few. Raises ValueError or RecursionError: it is not JSON, or too deep for Python.
    """
    text = body if is_slight(body) else cut(_strict(in_utf8(body)))
    value = loads(text.decode("utf-8-sig", "replace"))
    empty_below(value, DEEPEST)
    # Half a surrogate pair cannot be written as UTF-8: going there and back puts a question mark in its place.
    whole = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    return CONSTANT.sub(lambda token: token[1] or BEYOND, whole) if b"NaN" in whole or b"Infinity" in whole else whole


def empty_below(value: Any, levels: int) -> None:  # noqa: ANN401 - any JSON value
    """Empty the lists and objects that have `levels` of others around them."""
    holders: list[Any] = [[value]]
    for _ in range(levels + 1):
        inner = (each.values() if isinstance(each, dict) else each for each in holders)
        holders = [each for held in inner for each in held if isinstance(each, dict | list)]
    for each in holders:
        each.clear()


def _strict(body: bytes) -> bytes:
    """Return what Python reads in `body` as JSON that every reader takes, without making an object of each value.

    A text may suffer in a body as large and as odd: its line ends become spaces, a list of `NaN` in it one of numbers.
    """
    plain = body.removeprefix(BOM_UTF8).translate(SPACES).replace(rb"\\", rb"\u005c")
    return NO_NUMBER_AT_ALL.sub(BEYOND, LONE.sub(b"?", plain))


def loads(text: str) -> Any:  # noqa: ANN401 - JSON can be anything, and goes straight into a model
    """Parse without a callback for numbers, which would take longer than all the rest."""
    if not getattr(sys, "get_int_max_str_digits", int)():  # no limit (Ubuntu 22.04's 3.11 has none): minutes for 2 MB
        text = UNREADABLE.sub(NO_NUMBER, text)
    try:
        return json.loads(text, strict=False)
    except JSONDecodeError:
        raise
    except ValueError:  # an integer of more digits than Python reads
        return json.loads(UNREADABLE.sub(NO_NUMBER, text), strict=False)
