"""The two files that a build makes."""

from __future__ import annotations

import tarfile
from email.message import Message
from email.parser import Parser
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile


class Built(NamedTuple):
    """The sdist and the wheel, by their paths."""

    sdist: Path
    wheel: Path

    def in_sdist(self) -> set[str]:
        """Return the paths of its files, below its top folder."""
        with tarfile.open(self.sdist) as archive:
            return {name.partition("/")[2] for name in archive.getnames()}

    def in_wheel(self) -> set[str]:
        """Return the paths of its files; the metadata's below `*.dist-info`."""
        with ZipFile(self.wheel) as archive:
            return {name.replace(self._top, "*") for name in archive.namelist()}

    def metadata(self) -> Message:
        """Return what the wheel says of itself."""
        with ZipFile(self.wheel) as archive:
            return Parser().parsestr(archive.read(f"{self._top}.dist-info/METADATA").decode())

    @property
    def _top(self) -> str:
        return "-".join(self.wheel.name.split("-")[:2])
