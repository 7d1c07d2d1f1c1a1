"""The files of the preview: where they are, how they are written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from booty.observability.issues.outcomes import Postponed


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one directory, which need not be there yet."""

    directory: Path

    def numbers(self) -> list[int]:
        """Return the numbers that issues have. Raises `Postponed`."""
        try:
            paths = map(Path, os.listdir(self.directory))  # noqa: PTH208 - iterdir says nothing before it is run
        except FileNotFoundError:
            return []
        except OSError as error:
            raise Postponed(f"{self.directory} cannot be read: {error.strerror}") from None
        return [int(path.stem) for path in paths if path.suffix == ".md" and path.stem.isdigit()]

    def changed_at(self, number: int) -> float:
        """Return when an issue's file was changed (unix seconds). Raises `Postponed` when it is not there any more."""
        try:
            return self.path(number).stat().st_mtime
        except OSError as error:
            raise Postponed(f"{self.path(number)} cannot be read: {error.strerror}") from None

    def path(self, number: int) -> Path:
        """Return the path of an issue's file."""
        return self.directory / f"{number}.md"

    def comments(self, number: int) -> Path:
        """Return the path of an issue's comments."""
        return self.directory / f"{number}.comments.md"

    @contextmanager
    def unfinished(self, text: str) -> Iterator[Path]:
        """Write a file that is not yet an issue; it is gone afterwards, unless it was moved."""
        path = self.directory / f".{os.getpid()}.unfinished"
        path.write_text(text, encoding="utf-8")
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Around what writes. Raises `Postponed` where that fails."""
        try:
            yield
        except OSError as error:
            raise Postponed(f"{self.directory} cannot be written: {error.strerror}") from None


def text_of(path: Path) -> str | None:
    """Return what the file holds, None when there is none. Raises `Postponed`.

    A person's editor may have left it in another encoding.
    """
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Postponed(f"{path} cannot be read: {error.strerror}") from None
