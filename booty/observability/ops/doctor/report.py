"""The doctor's checks as lines for people, or as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from booty.observability.ops.console.output import Colour, coloured
from booty.observability.ops.doctor.check import Check, Level
from booty.observability.text.terminal import plain

COLOURS: dict[Level, Colour] = {"ok": "green", "warn": "yellow", "FAIL": "red"}


def as_text(checks: Sequence[Check]) -> str:
    """Return one line a check; text from outside cannot steer the terminal."""
    width = max(len(check.name) for check in checks)
    return "\n".join(_line(check, width) for check in checks)


def _line(check: Check, width: int) -> str:
    then = f"  ->  {check.then}" if check.then else ""
    return f"{coloured(f'{check.level:4}', COLOURS[check.level])}  {check.name:{width}}  {plain(check.seen + then)}"


def as_json(checks: Sequence[Check]) -> dict[str, object]:
    """Return the checks for a machine; names are only ever added."""
    listed = [
        {"check": check.name, "level": check.level, "seen": check.seen, "next": check.then or None} for check in checks
    ]
    return {"checks": listed, "needs_person": any(check.is_failed for check in checks)}
