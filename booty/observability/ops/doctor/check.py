"""One line of the doctor: what was looked at, how it stands, what was seen, what to do next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "FAIL"]
LEVELS: tuple[Level, ...] = ("ok", "warn", "FAIL")


@dataclass(frozen=True, slots=True)
class Check:
    """One check; `then` is the next command to type, or what else to do, and empty only where all is well."""

    name: str
    level: Level
    seen: str
    then: str = ""

    @property
    def is_failed(self) -> bool:
        """A person has to put it right."""
        return self.level == "FAIL"


def unasked(name: str, *, because: str) -> Check:
    """Return a check that makes no sense before another one is well."""
    return Check(name, "warn", f"not looked at: {because}", "put that right, then: booty doctor")


def worst_of(name: str, found: Iterable[tuple[Level, str, str]], *, otherwise: str) -> Check:
    """Return one check of all that was found (level, what was seen, what to do); none at all: it is well."""
    listed = sorted(found, key=lambda each: -LEVELS.index(each[0]))
    if not listed:
        return Check(name, "ok", otherwise)
    return Check(name, listed[0][0], "; ".join(each[1] for each in listed), "; ".join(each[2] for each in listed))
