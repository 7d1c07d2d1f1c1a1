"""The code of the last release whose modules lay in one folder, which a droplet may still run beside this one's."""

from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path

import pytest
from support.service import ROOT

OLDER = "4c24dd2c2da659874986db7b7982efbd4b2d564c"


FIRST_SHARED = "44a19a25be021c181047c3a89438c14fc4ce4655"
"""The first release whose ledger may be a database."""


def unpack(directory: Path, *, commit: str = OLDER) -> Path:
    """Put the older release's files into `directory`; fail where the history does not reach back to it."""
    archive = ["git", "-C", str(ROOT), "archive", commit, "booty", "gunicorn.conf.py"]
    done = subprocess.run(archive, capture_output=True, check=False)
    if done.returncode != 0:
        pytest.fail("the code of an earlier release is not here; fetch the whole history: git fetch --unshallow")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as files:
        files.extractall(directory, filter="data")
    return directory
