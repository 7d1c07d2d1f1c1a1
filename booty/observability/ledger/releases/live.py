"""Which releases are live: one line of them for each project, package, environment.

`live/<project>/<place>` holds when each of a line was first and last seen, as alerts named them, which may be anybody's
word; the line of `OWN` is what this service itself runs. They are forgotten as sightings are, under `expire/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from booty.observability.alerts.filters import happened_at
from booty.observability.alerts.occurrence import Occurrence
from booty.observability.alerts.release import commit_of, package_of
from booty.observability.ledger.engines.engine import Engine, Shelf
from booty.observability.ledger.engines.records import SECONDS, SIGHTING, Record, shaped
from booty.observability.ledger.problems.seen_releases import trusted_in
from booty.observability.ledger.problems.sightings import digest, expire_after

OWN = "~"
"""Stands for the project; no project is called that."""
MOST = 20
"""Releases of a line; what is too much goes, first what nobody proved to be a commit of the repository."""
MOST_PLACES = 10
"""Of one problem; with as many it is never told that it is gone from all of them."""
RENEW_SECONDS = 3600.0
"""How long between two notes that a release is still there."""
LINE = {**SIGHTING, "rows": list}
ROW: tuple[type | tuple[type, ...], ...] = (str, SECONDS, SECONDS)
"""A commit, when it was first and last seen (unix seconds)."""
Row = tuple[str, float, float]


@dataclass(frozen=True, slots=True)
class LiveRelease:
    """A release, by its commit; times are unix seconds. `is_own`: this service itself ran it."""

    commit: str
    first_seen: float
    last_seen: float
    is_own: bool = False


class LiveBook:
    """The lines behind one engine; times are unix seconds. Every method raises `NotStored`."""

    def __init__(self, engine: Engine) -> None:
        """Use `engine`; nothing is opened yet."""
        self._engine = engine

    def line(self, fingerprint: str, release: str, environment: str | None) -> tuple[LiveRelease, ...]:
        """Return the releases in line with `release` of the problem's project, in the order of their first sighting."""
        place = place_of(release, environment)
        return self._engine.transact(lambda shelf: line_in(shelf, project_of(fingerprint), place))

    def note_own(self, release: str, environment: str, *, now: float, keep_seconds: float) -> None:
        """Note that this service runs `release`, whose name ends with a commit. A power cut may cost the last note."""
        commit, key = commit_of(release) or "", f"live/{OWN}/{place_of(release, environment)}"
        self._engine.transact(
            lambda shelf: _note(shelf, key, commit, since=now, now=now, keep_seconds=keep_seconds), is_lasting=False
        )


def note_live(shelf: Shelf, alert: Occurrence, *, now: float, keep_seconds: float) -> None:
    """Note that the alert's release is live, if it names a commit.

    The times are those of arrival, since senders' clocks are wrong; of an alert that Sentry was asked for, its own.
    """
    if (commit := commit_of(alert.release)) is not None:
        since = happened_at(alert, now) if alert.is_reconciled else now
        _note(shelf, key_of_line(alert), commit, since=since, now=now, keep_seconds=keep_seconds)


def line_in(shelf: Shelf, project: str, place: str) -> tuple[LiveRelease, ...]:
    """Return a line's releases, with those of this service itself that are of the same package and environment."""
    found = {row[0]: LiveRelease(*row) for row in _rows(_line(shelf, f"live/{project}/{place}"))}
    for commit, first, last in _rows(_line(shelf, f"live/{OWN}/{place}")):
        alone = LiveRelease(commit, first, last)
        known = found.get(commit, alone)
        both = min(known.first_seen, first), max(known.last_seen, last)
        found[commit] = LiveRelease(commit, *both, is_own=True)
    return tuple(sorted(found.values(), key=lambda each: each.first_seen))


def key_of_line(alert: Occurrence) -> str:
    """Return the key of the line that the alert's release is in."""
    return f"live/{project_of(alert.fingerprint)}/{place_of(alert.release or '', alert.environment)}"


def placed(record: Record, alert: Occurrence) -> Record:
    """Return a problem's history with the place in which it was seen: "" where no release of it names a commit."""
    place = place_of(alert.release or "", alert.environment) if commit_of(alert.release) else ""
    places = record.get("places", [])
    if place in places or len(places) >= MOST_PLACES:
        return record
    return record | {"places": [*places, place]}


def project_of(fingerprint: str) -> str:
    """Return the project, as fingerprints name it: a sender cannot choose that of another."""
    return fingerprint.partition(":")[0]


@lru_cache(maxsize=64)
def place_of(release: str, environment: str | None) -> str:
    """Return a short name for the package of `release` in `environment`."""
    return digest(f"{package_of(release)}\0{environment or ''}")


def _note(shelf: Shelf, key: str, commit: str, *, since: float, now: float, keep_seconds: float) -> None:  # noqa: PLR0913 - all keyword-only
    line = _line(shelf, key)
    known = row_of(line, commit)
    if known and since >= known[1] and 0 <= now - known[2] < RENEW_SECONDS:
        return
    rows = _rows(line)
    others = _fitting(shelf, [each for each in rows if each[0] != commit])
    row = (commit, min(since, known[1]) if known else since, now)
    shelf[key] = {"first": line.get("first", now), "last": now, "rows": [*others, row]}
    if not line:
        expire_after(shelf, key, now + keep_seconds)


def row_of(line: Record, commit: str) -> Row | None:
    """Return the commit's row in the record of a line, None where it has none."""
    return next((row for row in _rows(line) if row[0] == commit), None)


def _fitting(shelf: Shelf, rows: list[Row]) -> list[Row]:
    """Return the rows with room for one more."""
    if len(rows) < MOST:
        return rows
    proven = trusted_in(shelf)
    strange = next((row for row in rows if row[0] not in proven), rows[0])
    return [row for row in rows if row is not strange]


def _line(shelf: Shelf, key: str) -> Record:
    return shaped(shelf.get(key), LINE)


def _rows(line: Record) -> list[Row]:
    return [(row[0], row[1], row[2]) for row in line.get("rows", ()) if isinstance(row, list) and _is_row(row)]


def _is_row(row: list[Any]) -> bool:
    return len(row) == len(ROW) and all(isinstance(value, shape) for value, shape in zip(row, ROW, strict=True))
