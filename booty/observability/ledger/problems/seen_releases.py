"""The releases that were seen, with the files of the last few, so that GitHub is asked once for each.

It shares the ledger's engine under keys of its own: `releases`, `trees`, `tree/<commit>`, `date/<commit>`, `trusted`;
those of another repository have its mark, `tree@acme:shop/<commit>`. All of it can be found again, so that what cannot
be read counts as missing, and only the newest is kept.
"""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime

from booty.observability.ledger.engines.engine import Engine, Shelf

RELEASES = "releases"
MOST_TREES, MOST_RELEASES, MOST_TRUSTED = 4, 100, 200
LARGEST_TREE = 2 * 1024 * 1024
"""Bytes of a tree's paths once compressed: some 200,000 paths, twice what GitHub lists."""
LARGEST_TEXT = 32 * 1024 * 1024
"""Bytes of the paths themselves; GitHub's answer is no more than 8 MiB."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """When a release was first seen of a deployment (unix seconds), and the one seen before it."""

    first_seen_at: float
    before: str | None


class ReleaseBook:
    """The book behind one engine; releases go by their commit. Every method raises `NotStored`."""

    def __init__(self, engine: Engine, *, mark: str = "") -> None:
        """Use `engine`; nothing is opened yet. `mark` parts what is known of another repository's commits."""
        self._engine = engine
        self._mark = mark

    def paths(self, commit: str) -> tuple[str, ...] | None:
        """Return the files of `commit` that were kept, None when nothing was."""
        packed = self._engine.transact(lambda shelf: shelf.get(f"tree{self._mark}/{commit}"))
        try:
            text = _unpack(packed)
        except (TypeError, ValueError, zlib.error):
            return None
        return tuple(text.split("\0")) if text else ()

    def keep_paths(self, commit: str, paths: tuple[str, ...]) -> bool:
        """Keep the files of `commit` in place of the oldest one's; return whether they were small enough."""
        text = "\0".join(paths).encode(errors="replace")
        packed = zlib.compress(text)
        if len(packed) > LARGEST_TREE or len(text) > LARGEST_TEXT:
            return False
        record = b64encode(packed).decode()

        def work(shelf: Shelf) -> None:
            kept = [each for each in _texts(shelf.get(f"trees{self._mark}")) if each != commit]
            for oldest in kept[: -(MOST_TREES - 1)]:
                shelf.pop(f"tree{self._mark}/{oldest}", None)
                shelf.pop(f"date{self._mark}/{oldest}", None)
            shelf[f"trees{self._mark}"] = [*kept[-(MOST_TREES - 1) :], commit]
            shelf[f"tree{self._mark}/{commit}"] = record

        self._engine.transact(work)
        return True

    def committed_at(self, commit: str) -> datetime | None:
        """Return the date of `commit` that was kept, None when none was."""
        date = self._engine.transact(lambda shelf: shelf.get(f"date{self._mark}/{commit}"))
        try:
            return datetime.fromtimestamp(date, UTC)
        except (TypeError, ValueError, OverflowError, OSError):
            return None

    def keep_date(self, commit: str, committed_at: datetime) -> None:
        """Keep the date of `commit` for as long as its files are kept."""

        def work(shelf: Shelf) -> None:
            if commit in _texts(shelf.get(f"trees{self._mark}")):
                shelf[f"date{self._mark}/{commit}"] = committed_at.timestamp()

        self._engine.transact(work)

    def is_trusted(self, commit: str) -> bool:
        """Return whether `commit` was found to be the repository's own."""
        return self._engine.transact(lambda shelf: commit in trusted_in(shelf, self._mark))

    def trust(self, commit: str) -> None:
        """Remember that `commit` is the repository's own."""

        def work(shelf: Shelf) -> None:
            others = [each for each in _texts(shelf.get(f"trusted{self._mark}")) if each != commit]
            shelf[f"trusted{self._mark}"] = [*others[-(MOST_TRUSTED - 1) :], commit]

        self._engine.transact(work)

    def see(self, commit: str, *, deployment: str, now: float) -> Sighting:
        """Note that the release of `commit` was seen of `deployment`, and return since when it has been."""
        return self._engine.transact(lambda shelf: see(shelf, commit, deployment=deployment, now=now))


def see(shelf: Shelf, commit: str, *, deployment: str, now: float) -> Sighting:
    """See `ReleaseBook.see`; for a caller that has a transaction's shelf already, as a claim has."""
    seen = sightings_in(shelf.get(RELEASES))
    known = next((at for at, (where, sha, _) in enumerate(seen) if (where, sha) == (deployment, commit)), None)
    if known is None:
        known = min(len(seen), MOST_RELEASES - 1)
        seen = [*seen[-(MOST_RELEASES - 1) :], (deployment, commit, now)]
        shelf[RELEASES] = seen
    before = [sha for where, sha, _ in seen[:known] if where == deployment]
    return Sighting(seen[known][2], before[-1] if before else None)


def trusted_in(shelf: Shelf, mark: str = "") -> frozenset[str]:
    """Return the commits that were found to be the repository's own, which has that mark."""
    return frozenset(_texts(shelf.get(f"trusted{mark}")))


def first_seen(shelf: Shelf) -> list[tuple[str, float]]:
    """Return the commits of the last releases, each with when it was first seen (unix seconds), oldest first."""
    first: dict[str, float] = {}
    for _, commit, at in sorted(sightings_in(shelf.get(RELEASES)), key=lambda row: row[2]):
        first.setdefault(commit, at)
    return list(first.items())


def _unpack(packed: str) -> str:
    """Return the text. Raises `ValueError` or `zlib.error` when it is not whole, or larger than any that was kept."""
    unpacker = zlib.decompressobj()
    text = unpacker.decompress(b64decode(packed, validate=True), LARGEST_TEXT)
    if not unpacker.eof:
        raise ValueError("the text is cut off")
    return text.decode()


def _texts(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def sightings_in(value: object) -> list[tuple[str, str, float]]:
    """Return what is stored of the releases: the deployment, the commit, when it was first seen (unix seconds)."""
    rows = value if isinstance(value, list) else []
    return [
        (row[0], row[1], row[2])
        for row in rows
        if isinstance(row, list) and [type(each) for each in row] in ([str, str, float], [str, str, int])
    ]
