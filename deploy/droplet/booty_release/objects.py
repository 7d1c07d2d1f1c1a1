"""git's objects as an upload brings them, each kept under the hash of its own content.

The upload is what `git cat-file --batch` says of every object of one commit. Nothing in it is believed, neither a name
nor a kind: what is asked for is found only if it hashes to what was asked for.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import IO

MOST_FILES = 20_000
MOST_BYTES = 500 * 1024 * 1024
"""Of an unpacked release; the whole project has a few MiB."""
LONGEST_LISTING = 4 * 1024 * 1024
"""Bytes of a commit or of one folder's listing, which are held in memory."""
_HEADER = re.compile(rb"[0-9a-f]{40} (commit|tree|blob) (\d{1,10})\n")


class Unproven(Exception):
    """It is not the commit that it should be, or not one that can be a release."""


@dataclass(slots=True)
class Room:
    """What may still be unpacked."""

    files: int = MOST_FILES
    bytes: int = MOST_BYTES

    def take(self, size: int) -> None:
        """Count one file of `size` bytes. Raises `Unproven`."""
        self.files -= 1
        self.bytes -= size
        if self.files < 0 or self.bytes < 0:
            raise Unproven(f"it has more than {MOST_FILES:,} files or {MOST_BYTES >> 20} MiB")


def keep_all(source: IO[bytes], objects: Path) -> None:
    """Keep in the folder `objects` what `source` brings, to its end. Raises `Unproven`, `OSError`."""
    room = Room(files=3 * MOST_FILES)  # commits and folders as well
    while line := source.readline(80):
        header = _HEADER.fullmatch(line)
        if header is None:
            raise Unproven("the upload is not a list of git's objects")
        room.take(int(header[2]))
        _keep(source, header[1].decode(), int(header[2]), objects)


def _keep(source: IO[bytes], kind: str, size: int, objects: Path) -> None:
    """Store one object under its kind and the hash of its content, whatever name the upload gave it."""
    digest, left = hashlib.sha1(f"{kind} {size}\0".encode(), usedforsecurity=False), size
    with (objects / "fresh").open("wb") as file:
        while left:
            chunk = source.read(min(left, 1 << 20))
            if not chunk:
                raise Unproven("the upload ends in the middle of an object")
            digest.update(chunk)
            file.write(chunk)
            left -= len(chunk)
    if source.read(1) != b"\n":
        raise Unproven("the upload is not a list of git's objects")
    (objects / "fresh").rename(objects / f"{kind}-{digest.hexdigest()}")


def read(objects: Path, kind: str, oid: str) -> bytes:
    """Return the content of an object that is a listing, or short. Raises `Unproven`."""
    found = kept(objects, kind, oid)
    if found.stat().st_size > LONGEST_LISTING:
        raise Unproven(f"{kind} {oid} is longer than {LONGEST_LISTING >> 20} MiB")
    return found.read_bytes()


def kept(objects: Path, kind: str, oid: str) -> Path:
    """Return where an object is. Raises `Unproven`: the upload did not bring it, or brought another under its name."""
    found = objects / f"{kind}-{oid}"
    if not found.is_file():
        raise Unproven(f"the upload lacks {kind} {oid}, or what it brings as that is another")
    return found
