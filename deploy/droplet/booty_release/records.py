"""What became of each release: `verified` (it has served), `left` (by a rollback), `bad` (it misbehaved)."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Literal

from booty_release.layout import Layout

_LAST = 10**12  # turns beyond it are not counted on from: a number of thousands of digits can be read but not written
_LEAD = 1000  # turns that one release may be ahead of the current one: each is a deploy killed just before its switch
KEEP = 5  # verified releases that stay for a rollback; the current one is always among them


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One release's fate: when (UTC, ISO 8601), by whom, in which workflow run."""

    sha: str
    state: Literal["verified", "left", "bad"]
    at: str
    actor: str
    run: str
    note: str = ""
    turn: int = 0
    """Which one it was to go live, counted up; clocks jump. 0 in a record of an older program."""

    @property
    def order(self) -> tuple[int, str]:
        """What records are sorted by: the turn, and where none is known, the time."""
        return self.turn, self.at


def save(layout: Layout, record: Record) -> None:
    """Write `record` in one rename: a reader sees the old one or the new one, never half of one."""
    fresh = layout.records / f".{record.sha}.new"
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(asdict(record), file)
        file.flush()
        os.fsync(file.fileno())
    if _place(layout, record.sha).is_dir():
        forget(layout, record.sha)
    fresh.rename(_place(layout, record.sha))


def load(layout: Layout, sha: str) -> Record | None:
    """Return the record of `sha`; None when it has none or an unreadable one (then it is not verified).

    What a newer program added to it is ignored.
    """
    with contextlib.suppress(OSError, ValueError, TypeError, RecursionError):
        if not _place(layout, sha).is_file():  # one that never ends would hold up whoever reads it
            return None
        stored = json.loads(_place(layout, sha).read_text(encoding="utf-8"))
        record = Record(**{field.name: stored[field.name] for field in fields(Record) if field.name in stored})
        is_sound = all(type(value) is (int if name == "turn" else str) for name, value in asdict(record).items())
        "".join(map(str, asdict(record).values())).encode()  # half a surrogate pair cannot be shown
        return record if is_sound and record.sha == sha else None
    return None


def forget(layout: Layout, sha: str) -> None:
    """Remove the record of `sha`, whatever it is."""
    place = _place(layout, sha)
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def _place(layout: Layout, sha: str) -> Path:
    return layout.records / f"{sha}.json"


def verified(layout: Layout) -> list[Record]:
    """Return the records of releases that have served and are still here, the latest to go live first."""
    here = layout.present()
    found = [record for record in _counted(layout) if record.sha in here and record.state == "verified"]
    return sorted(found, key=lambda record: record.order, reverse=True)


def _counted(layout: Layout) -> list[Record]:
    """Return all records, without the turns that nobody can have counted up to from where the current release is."""
    known = [record for path in layout.records.glob("*.json") if (record := load(layout, path.stem))]
    now = next((record.turn for record in known if record.sha == layout.current()), 0)
    return [record if 0 <= record.turn <= now + _LEAD else replace(record, turn=0) for record in known]


def next_turn(layout: Layout) -> int:
    """Return the turn of the release that goes live next."""
    return min(1 + max((record.turn for record in _counted(layout)), default=0), _LAST)


def previous(layout: Layout, current: str | None = None) -> str | None:
    """Return the release that a rollback without a name goes to: the last that went live before `current`."""
    current = current or layout.current()
    record = next((record for record in _counted(layout) if record.sha == current), None)
    # not simply another one: a deploy that was killed just before the switch leaves a record that is newer
    return next((each.sha for each in verified(layout) if record is None or each.order < record.order), None)


def superfluous(layout: Layout, *, arriving: str | None = None) -> list[str]:
    """Return the releases that nobody needs once `arriving` (or what is current) serves."""
    serving = arriving or layout.current()
    others = [record.sha for record in verified(layout) if record.sha != serving]
    kept = {serving, *others[: KEEP - 1]}
    return [sha for sha in layout.present() if sha not in kept]
