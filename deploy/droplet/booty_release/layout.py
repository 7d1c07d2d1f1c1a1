"""Where everything lies under /srv/booty, with the one pointer that a deploy moves: `current`.

releases/<sha>/      the tree of that commit, never edited; .venv in it points to its dependencies
venvs/<key>/         dependencies, shared by all releases with the same lock file and Python
records/<sha>.json   what became of the release
current -> releases/<sha>   what serves, what boots next
lock                 held by the running deploy
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

_SHA = re.compile(r"[0-9a-f]{40}")


def is_sha(text: str) -> bool:
    """Return whether `text` is a full commit id in lower case."""
    return _SHA.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders of one droplet."""

    root: Path = Path("/srv/booty")
    sockets: Path = Path("/run")

    @property
    def releases(self) -> Path:
        """The folder of all release folders."""
        return self.root / "releases"

    @property
    def venvs(self) -> Path:
        """The folder of all virtual environments."""
        return self.root / "venvs"

    @property
    def records(self) -> Path:
        """The folder of all records."""
        return self.root / "records"

    @property
    def lock(self) -> Path:
        """The file that the running deploy holds."""
        return self.root / "lock"

    @property
    def live(self) -> Path:
        """The socket that outlives releases."""
        return self.sockets / "booty.sock"

    def candidate(self, sha: str) -> Path:
        """Return the private socket on which release `sha` is tried."""
        return self.sockets / "booty-candidate" / f"{sha}.sock"

    def release(self, sha: str) -> Path:
        """Return the folder of release `sha`, there or not."""
        return self.releases / sha

    def current(self) -> str | None:
        """Return the release that `current` names; None if it names none that is here, or is not a link."""
        with contextlib.suppress(OSError):
            name = (self.root / "current").readlink().name
            return name if is_sha(name) and self.release(name).is_dir() else None
        return None

    def switch(self, sha: str | None) -> None:
        """Make `sha` what boots next, in one rename; None removes the pointer."""
        current = self.root / "current"
        if current.is_dir() and not current.is_symlink():  # a copy or a backup that followed the link
            current.rename(tempfile.mkdtemp(prefix="current.", dir=self.root))
        if sha is None:
            current.unlink(missing_ok=True)
            return
        fresh = self.root / ".current.new"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(Path("releases") / sha)
        fresh.rename(current)
        sync_folder(self.root)

    def is_full(self) -> bool:
        """Return whether less than one MiB is free on the disk."""
        return shutil.disk_usage(self.root).free < 1 << 20

    def present(self) -> list[str]:
        """Return the SHAs whose release folder is here, complete by construction (renamed into place)."""
        return sorted(path.name for path in self.releases.iterdir() if is_sha(path.name))


def sync_folder(path: Path) -> None:
    """Bring the names in folder `path` to the disk."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
