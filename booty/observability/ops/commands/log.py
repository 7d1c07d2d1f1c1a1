"""`booty log`: what was decided, line by line."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import click

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.ports.store import Store
from booty.observability.ledger.inspection import look_into
from booty.observability.ledger.journal.entries import Line, Refusals
from booty.observability.ledger.journal.reading import lines_in, refusals_in
from booty.observability.ops.console.command import Command, is_json_option
from booty.observability.ops.console.exits import reaching_the_ledger
from booty.observability.ops.console.given import Given
from booty.observability.ops.console.output import Colour, coloured, is_read_after, show, show_json
from booty.observability.ops.console.since import Since
from booty.observability.ops.journal.line_json import line_json, refusals_json
from booty.observability.ops.journal.line_text import line_text, refusals_text
from booty.observability.text.terminal import plain

LOOK_SECONDS = 1.0
COLOURS: dict[str, Colour] = {"refused": "red", "postponed": "yellow"}


@click.command(cls=Command)
@click.option("--since", type=Since(), default="24h", help="how far back, such as 24h or 7d, or a time; default 24h")
@click.option("--reason", help="only this verdict, change or outcome, such as below_severity, refused, unverified")
@click.option("--project", help="only this project, by its slug or number")
@click.option("--follow", is_flag=True, help="go on with what comes, until Ctrl-C")
@is_json_option
@click.pass_obj
def command(  # noqa: PLR0913 - its options, by name
    given: Given, *, since: float, reason: str | None, project: str | None, follow: bool, is_json: bool
) -> int:
    """Show what was decided of each alert and status change, why, what became of it; at most of the last 7 days."""
    store, wanted, told = given.store(), Wanted(reason, project), Told()
    trace: object = None
    while True:
        before, now = trace, time.time()
        with reaching_the_ledger():
            trace = store.trace()
        is_changed = trace is None or trace != before
        rows = list(told.anew(_read(store, wanted, since=since, now=now))) if is_changed else []
        if rows and not (show_json(*map(_json, rows)) if is_json else show("\n".join(_text(row, now) for row in rows))):
            return 0
        if not (follow and is_read_after(LOOK_SECONDS)):
            return 0


def _json(row: Line | Refusals) -> dict[str, Any]:
    return line_json(row) if isinstance(row, Line) else refusals_json(row)


def _read(store: Store, wanted: Wanted, *, since: float, now: float) -> list[Line | Refusals]:
    def rows(shelf: Shelf) -> list[Line | Refusals]:
        return wanted.of(lines_in(shelf, now=now, since=since), refusals_in(shelf, since=since))

    with reaching_the_ledger():
        return look_into(store, rows) or []


def _text(row: Line | Refusals, now: float) -> str:
    if isinstance(row, Refusals):
        return coloured(plain(refusals_text(row, now=now)), "yellow")
    words, last = plain(line_text(row, now=now)), row.became[-1].what if row.became else ""
    return coloured(words, COLOURS[last]) if last in COLOURS else words


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are asked for."""

    reason: str | None
    project: str | None

    def of(self, lines: list[Line], refusals: list[Refusals]) -> list[Line | Refusals]:
        """Return them in the order of time."""
        wanted = [each for each in refusals if self.project is None and self.reason in {None, each.reason}]
        return sorted((*filter(self._has, lines), *wanted), key=lambda row: row.at)

    def _has(self, line: Line) -> bool:
        reasons = {line.verdict, line.because, line.change, *(outcome.what for outcome in line.became)}
        projects = {line.project, line.fingerprint.partition(":")[0]}
        return (self.reason is None or self.reason in reasons) and (self.project is None or self.project in projects)


@dataclass(slots=True)
class Told:
    """What was shown of each row, so that only what is new is shown again."""

    _said: dict[object, object] = field(default_factory=dict)

    def anew(self, rows: list[Line | Refusals]) -> Iterator[Line | Refusals]:
        """Yield the rows that say something that was not shown."""
        for row in rows:
            key: object = (row.at, row.reason) if isinstance(row, Refusals) else row.number
            said: object = row.times if isinstance(row, Refusals) else (row.times, row.became)
            if self._said.get(key) != said:
                self._said[key] = said
                yield row
