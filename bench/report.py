"""What is told: rows as they come, in Markdown tables that grow, or as one JSON object a line."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field

Cell = str | int | float | None
Row = dict[str, Cell]
NARROWEST = 5
WIDTHS = {"case": 26, "variant": 23, "figure": 40}


@dataclass(slots=True)
class Report:
    """Where the rows go. `is_json`: for machines."""

    is_json: bool
    _part: Cell = None
    _headings: list[str] = field(default_factory=list)
    _is_in_progress: bool = False

    def row(self, row: Row) -> None:
        """Print a row, under its part and its headings where they differ from those of the last row."""
        self.progress("")
        if self.is_json:
            print(json.dumps(row), flush=True)
            return
        shown = {name: cell for name, cell in row.items() if name != "part"}
        widths = [WIDTHS.get(name, max(len(name), NARROWEST)) for name in shown]
        if row["part"] != self._part:
            self._part, self._headings = row["part"], []
            print(f"\n### {self._part}")
        if list(shown) != self._headings:
            self._headings = list(shown)
            print("", _line(self._headings, widths), f"|{'|'.join('-' * (width + 2) for width in widths)}|", sep="\n")
        print(_line([_text(name, cell) for name, cell in shown.items()], widths), flush=True)

    def say(self, words: str) -> None:
        """Say something on stderr."""
        self.progress("")
        print(f"bench: {words}", file=sys.stderr, flush=True)

    def progress(self, words: str) -> None:
        """Show on a terminal what is being done, in place of what was shown before."""
        if sys.stderr.isatty() and (words or self._is_in_progress):
            print(f"\r\x1b[K{words[:110]}", end="", file=sys.stderr, flush=True)
            self._is_in_progress = bool(words)


def _line(cells: list[str], widths: list[int]) -> str:
    return f"| {' | '.join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))} |"


def _text(name: str, cell: Cell) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, float):
        return f"{cell:.2f}" if " of " in f" {name}" else f"{cell:.1f}"
    return str(cell)
