"""The text of a routes file, cut into its routes, each value with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

HEAD = re.compile(r"[ \t]*\[\[[ \t]*route[ \t]*\]\]")
PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
ROUTES = "route"
LAYOUT = "begin each route with a line [[route]], its values below, one a line"


class Malformed(Exception):
    """The text is not a file of routes: the line where that shows, what is wrong, what to do."""

    def __init__(self, line: int, problem: str, remedy: str = LAYOUT) -> None:
        super().__init__(problem)
        self.line, self.problem, self.remedy = line, problem, remedy


@dataclass(frozen=True, slots=True)
class Section:
    """One route as it was written, unchecked."""

    line: int
    values: Mapping[str, Any]
    lines: tuple[str, ...]
    """From `[[route]]` to the next one."""

    def line_of(self, key: str) -> int:
        """Return where a key of the route is set; where it begins, if that cannot be seen."""
        name = re.escape(key)
        setting = re.compile(rf"""[ \t]*(?:["']?{name}["']?[ \t]*[.=]|\[[ \t]*route[ \t]*\.[ \t]*{name}\b)""")
        return next((self.line + at for at, line in enumerate(self.lines) if setting.match(line)), self.line)


def sections(text: str) -> tuple[Section, ...]:
    """Return the routes in `text`, in order. Raises `Malformed`."""
    lines = text.split("\n")  # TOML has no other line ends
    tables = _parse(text, last=len(lines))
    heads = [number for number, line in enumerate(lines, 1) if HEAD.match(line)]
    for key in tables:
        if key != ROUTES:
            raise Malformed(_first(lines, key), f"{key!r} stands outside of a route")
    found = tables.get(ROUTES)
    if not isinstance(found, list) or len(found) != len(heads) or not all(isinstance(each, dict) for each in found):
        raise Malformed(
            heads[0] if heads else 1, "no route begins with a line [[route]]" if not heads else "is unclear"
        )
    ends = [*heads[1:], len(lines) + 1]
    return tuple(
        Section(head, values, tuple(lines[head - 1 : end - 1]))
        for head, end, values in zip(heads, ends, found, strict=True)
    )


def _parse(text: str, *, last: int) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise Malformed(1, "is nested too deeply") from None
    except ValueError as error:
        place = PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else max(last, 1) if place else 1
        raise Malformed(line, f"is not TOML: {PLACE.sub('', str(error))}", "correct it (https://toml.io)") from None


def _first(lines: list[str], key: str) -> int:
    return next((number for number, line in enumerate(lines, 1) if key in line), 1)
