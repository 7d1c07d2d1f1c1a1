"""The wheels of requirements.txt, fetched once from the package index: a box has no network to fetch them itself."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from support.throwaway.repository import PROJECT

WHEELS = PROJECT / "var" / "wheels"


def wheels() -> Path:
    """Return a folder with every wheel of requirements.txt for the system's Python, fetched once."""
    lockfile = PROJECT / "requirements.txt"
    version = subprocess.check_output(
        ["/usr/bin/python3", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], text=True
    )
    folder = WHEELS / f"{hashlib.sha256(lockfile.read_bytes()).hexdigest()}-{version.strip()}"
    if not folder.exists():
        fresh = folder.with_suffix(".partial")
        shutil.rmtree(fresh, ignore_errors=True)
        pip = [sys.executable, "-m", "pip", "download", "-qq", "--disable-pip-version-check", "--require-hashes"]
        which = [
            "--only-binary=:all:",
            f"--python-version={version.strip()}",
            "--dest",
            str(fresh),
            "-r",
            str(lockfile),
        ]
        subprocess.run([*pip, *which], check=True)
        fresh.rename(folder)
    return folder
