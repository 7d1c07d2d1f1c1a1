"""The files of one commit, by which a frame's path is found again in the repository.

A stack names files as they lay on the machine that ran them: `/srv/booty/current/shop/cart.py`, `/app/cart.py`,
`shop/cart.py` of a repository that keeps it under `src/`. A path that is whole one of the repository is that one;
else what both names have in common is their end. The file whose path shares the longest end with the frame's is the
one, if no other shares as much and the frame's module does not contradict; in doubt there is none, for a link to the
wrong file is worse than none. Pure: the tree is read by `github.repository`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from booty.observability.alerts.alert import Frame
from booty.observability.alerts.stack.dependencies import is_dependency
from booty.observability.alerts.stack.frames import ABSOLUTE, CONTAINER_ROOT, ORIGIN, ROOTS
from booty.observability.issues.code.module_names import CERTAIN, fits, overlap


class SourceTree:
    """The paths of a commit's files, relative to the root of the repository."""

    __slots__ = ("_by_name", "_home")

    def __init__(self, paths: Iterable[str], *, home: str = "") -> None:
        """Sort the files by their names; `home` is where the repository is, such as `github.com/owner/name`."""
        self._home = home
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for path in paths:
            self._by_name[path.rpartition("/")[2]].append(path)

    def find(self, frame: Frame) -> str | None:
        """Return the path of the file that `frame` runs in, None when no file or several could be it."""
        if is_dependency(frame.path, frame.absolute_path):
            return None
        found = (self._match(name, least, frame.module) for name, least in _names(frame))
        return next(filter(None, found), None)

    def _match(self, name: str, least: int, module: str | None) -> str | None:
        path = _plain(name)
        inner = CONTAINER_ROOT.sub("", ROOTS.sub("", path), count=1) if ABSOLUTE.match(path) else path
        parts, known = _parts(path), _parts(inner)
        files = [file for file in self._by_name.get(parts[-1], ()) if fits(module, file, home=self._home)]
        if (whole := "/".join(known)) in files:
            return whole
        shared = {file: overlap(parts, file.split("/")) for file in files}
        longest = max(shared.values(), default=0)
        best = [file for file in files if shared[file] == longest]
        covered = [file for file in best if file.count("/") + 1 == longest]
        if longest >= CERTAIN:
            best = covered or best
        is_rooted = not ABSOLUTE.match(inner)  # else it is not known where the repository begins in it
        is_whole = longest >= len(known) if is_rooted else bool(covered) and longest >= least
        return best[0] if len(best) == 1 and (is_whole or longest >= CERTAIN) else None


def _names(frame: Frame) -> Iterator[tuple[str, int]]:
    """Yield the names of the frame's file, the most telling first, each with how many of its last parts must agree.

    Where the machine's path ends with the other one, that one counts from a root; a path that ends otherwise is of
    another file, such as the bundle that a script came in.
    """
    path, absolute = _plain(frame.path or ""), _plain(frame.absolute_path or "")
    if path and absolute and path != absolute:
        known = _parts(path)
        if _parts(absolute)[-len(known) :] == known:
            yield absolute, len(known)
            path = "/".join(known)
    if path or absolute:
        yield path or absolute, 1
    if path and "/" not in path and frame.module:  # the languages whose frames name only the file, such as Java
        yield "/".join([*frame.module.split(".")[:-1], path]), 1


def _plain(name: str) -> str:
    return ORIGIN.sub("/", name.replace("\\", "/"), count=1)


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part not in {"", "."}] or [""]
