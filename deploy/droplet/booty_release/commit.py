"""A commit of git, unpacked from its objects, proven by its name.

The walk starts at the SHA that was approved, and finds only what hashes to what it asks for. So what is unpacked is
that commit, byte for byte, mode for mode, or nothing. Attributes in the tree change nothing, since nobody asks them.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from booty_release.objects import Room, Unproven, keep_all, kept, read

DEEPEST = 64
_ENTRY = re.compile(rb"(\d{5,6}) ([^\0]+)\0(.{20})", re.DOTALL)
_TREE, _LINK = "40000", "120000"
_MODES = {"100644": 0o644, "100755": 0o755}
_OBJECTS = ".objects"


def unpack(source: IO[bytes], sha: str, folder: Path) -> None:
    """Make the tree of commit `sha` in the empty `folder`, from the objects that `source` brings.

    Raises `Unproven`, with a reason for a person, or `OSError`; then some part of it is in the folder.
    """
    objects = folder / _OBJECTS
    objects.mkdir()
    keep_all(source, objects)
    root = re.match(rb"tree ([0-9a-f]{40})\n", read(objects, "commit", sha))
    if root is None:
        raise Unproven(f"{sha} is not a commit")
    _check_out(objects, root[1].decode(), folder, Room(), depth=0)
    shutil.rmtree(objects)


def _check_out(objects: Path, oid: str, folder: Path, room: Room, *, depth: int) -> None:
    """Make everything that the tree `oid` lists in `folder`, which is there and has none of it."""
    if depth > DEEPEST:
        raise Unproven(f"its folders are more than {DEEPEST} deep")
    entries = list(_entries(read(objects, "tree", oid)))
    for mode, _, inner in entries:  # before the first of them is written
        room.take(kept(objects, "blob", inner).stat().st_size if mode in _MODES else 0)
    for mode, name, inner in entries:
        path = folder / name
        if mode == _TREE:
            path.mkdir()
            _check_out(objects, inner, path, room, depth=depth + 1)
        elif mode == _LINK:
            path.symlink_to(_inside(read(objects, "blob", inner), name, depth=depth))
        elif mode in _MODES:
            shutil.copyfile(kept(objects, "blob", inner), path)
            path.chmod(_MODES[mode])
        else:
            raise Unproven(f"{name!r} is neither a file, a link nor a folder")


def _entries(listing: bytes) -> Iterator[tuple[str, str, str]]:
    """Yield the mode, name and object of each line of a tree. Raises `Unproven` for a name that no folder may hold."""
    at = 0
    names: set[bytes] = set()
    while at < len(listing):
        entry = _ENTRY.match(listing, at)
        if entry is None:
            raise Unproven("it holds a broken folder")
        name = os.fsdecode(entry[2])
        if "/" in name or name in {".", "..", _OBJECTS} or name.lower() == ".git" or entry[2] in names:
            raise Unproven(f"{name!r} is not a name that a folder may hold")
        names.add(entry[2])
        yield entry[1].decode(), name, entry[3].hex()
        at = entry.end()


def _inside(target: bytes, name: str, *, depth: int) -> str:
    """Return where a link leads; raises `Unproven` for one that could lead out of the release.

    Steps up come first, and no more of them than there are folders above the link, which are real ones. What follows
    only goes down, through other links at most, for which the same holds.
    """
    parts = [part for part in os.fsdecode(target).split("/") if part != "."]
    up = next((at for at, part in enumerate(parts) if part != ".."), len(parts))
    if target.startswith(b"/") or up > depth or ".." in parts[up:] or b"\0" in target or not target:
        raise Unproven(f"the link {name!r} leads out of the release")
    return os.fsdecode(target)
