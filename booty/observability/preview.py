"""The tracker that writes issues as Markdown files, for a look at them without GitHub."""

from __future__ import annotations

import os
from pathlib import Path

from booty.observability.issue_body import Draft, marker_of
from booty.observability.tracker import Filing, Postponed


class PreviewIssues:
    """Implements `tracker.Tracker` over `<directory>/<number>.md`."""

    def __init__(self, directory: Path) -> None:
        """Name the directory; it is made with the first issue."""
        self._directory = directory

    def create(self, draft: Draft) -> Filing:
        """See `Tracker.create`; the file appears whole or not at all, under the next free number."""
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            return self._write(draft)
        except OSError as error:
            raise Postponed(f"{self._directory} cannot be written: {error.strerror}") from None

    def find(self, draft: Draft, *, since: float) -> Filing | None:
        """See `Tracker.find`; every file is read, so `since` is not needed."""
        del since
        marker = marker_of(draft.body)
        for path in self._directory.glob("*.md"):
            if path.stem.isdigit() and marker_of(path.read_text(encoding="utf-8")) == marker:
                return _filing(path)
        return None

    def _write(self, draft: Draft) -> Filing:
        labels = " ".join(f"`{label}`" for label in draft.labels)
        unfinished = self._directory / f".{os.getpid()}.unfinished"
        unfinished.write_text(f"# {draft.title}\n\n{labels}\n\n{draft.body}\n", encoding="utf-8")
        number = max((int(path.stem) for path in self._directory.glob("*.md") if path.stem.isdigit()), default=0)
        while True:
            number += 1
            path = self._directory / f"{number}.md"
            try:
                path.hardlink_to(unfinished)
            except FileExistsError:
                continue
            unfinished.unlink()
            return _filing(path)


def _filing(path: Path) -> Filing:
    return Filing(int(path.stem), str(path))
