"""The files of one commit, by which a frame's path is found again in the repository.

A stack names files as they lay on the machine that ran them: `/srv/booty/current/shop/cart.py`, `/app/cart.py`,
`shop/cart.py` of a repository that keeps it under `src/`. What both names have in common is their end. The file whose
path shares the longest end with the frame's is the one, if no other shares as much; in doubt there is none, for a link
to the wrong file is worse than none. Pure: reading the tree is `github_source`'s business.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from booty.observability.alert import Frame
from booty.observability.location import ABSOLUTE, CONTAINER_ROOT, ORIGIN, ROOTS

CERTAIN = 2
"""Folders and name that must agree where neither path is the whole end of the other."""


class SourceTree:
    """The paths of a commit's files, relative to the root of the repository."""

    __slots__ = ("_by_name",)

    def __init__(self, paths: Iterable[str]) -> None:
        """Sort the files by their names."""
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for path in paths:
            self._by_name[path.rpartition("/")[2]].append(path)

    def find(self, frame: Frame) -> str | None:
        """Return the path of the file that `frame` runs in, None when no file or several could be it."""
        names = (frame.path, frame.absolute_path, _path_of_module(frame))
        found = (self._match(name) for name in names if name)
        return next(filter(None, found), None)

    def _match(self, name: str) -> str | None:
        parts, known = _split(name)
        candidates = [(_overlap(parts, path.split("/")), path) for path in self._by_name.get(parts[-1], ())]
        longest = max((overlap for overlap, _ in candidates), default=0)
        best = [path for overlap, path in candidates if overlap == longest]
        if len(best) != 1:
            return None
        is_whole = longest >= known or longest == best[0].count("/") + 1
        return best[0] if is_whole or longest >= CERTAIN else None


def _split(name: str) -> tuple[list[str], int]:
    """Return the parts of a path, and how many of the last ones the repository or the package is known to hold."""
    path = ORIGIN.sub("/", name.replace("\\", "/"), count=1)
    inner = CONTAINER_ROOT.sub("", ROOTS.sub("", path), count=1) if ABSOLUTE.match(path) else path
    parts = [part for part in path.split("/") if part not in {"", "."}]
    return parts or [""], sum(part not in {"", "."} for part in inner.split("/"))


def _path_of_module(frame: Frame) -> str | None:
    """Return the path that a class has in the languages whose frames name only the file, such as Java."""
    if not frame.path or "/" in frame.path or not frame.module:
        return None
    return "/".join([*frame.module.split(".")[:-1], frame.path])


def _overlap(left: Sequence[str], right: Sequence[str]) -> int:
    """Count how many of the last parts are the same."""
    pairs = zip(reversed(left), reversed(right), strict=False)
    return next((at for at, (one, other) in enumerate(pairs) if one != other), min(len(left), len(right)))
