"""The wheels of all releases, fetched once from the package index: a box has no network to fetch them itself."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from support.throwaway.box import ROOT
from support.throwaway.repository import EARLIER_LOCK, PROJECT

WHEELS = PROJECT / "var" / "wheels"


def wheels() -> Path:
    """Return a folder with every wheel of today's and earlier releases for the box's Python, fetched once."""
    version = (ROOT / "usr/bin/python3").readlink().name.removeprefix("python")
    folder = WHEELS / f"{hashlib.sha256(EARLIER_LOCK.encode()).hexdigest()}-{version}"
    if not folder.exists():
        fresh = folder.with_suffix(".partial")
        shutil.rmtree(fresh, ignore_errors=True)
        lockfile = folder.with_suffix(".txt")
        lockfile.parent.mkdir(parents=True, exist_ok=True)
        lockfile.write_text(EARLIER_LOCK)
        pip = [sys.executable, "-m", "pip", "download", "-qq", "--disable-pip-version-check", "--require-hashes"]
        which = [
            "--only-binary=:all:",
            f"--python-version={version}",
            "--dest",
            str(fresh),
            "-r",
            str(lockfile),
        ]
        subprocess.run([*pip, *which], check=True)
        fresh.rename(folder)
    return folder
