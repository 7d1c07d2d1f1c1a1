"""An environment's Python with its packages, as pip installs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from booty_release import damage
from booty_release.outcome import ExitCode, Stopped

TIMEOUT = 600
"""Seconds for all downloads."""

_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8"}


def fill(folder: Path, lockfile: Path) -> None:
    """Make an environment in `folder`, which is not there yet. Raises Stopped(FAILED)."""
    _run([sys.executable, "-I", "-m", "venv", str(folder)])
    install = ["install", "--quiet", "--no-cache-dir", "--require-hashes", "--only-binary=:all:", "--retries=2"]
    pip = [str(folder / "bin/python"), "-I", "-m", "pip", "--disable-pip-version-check", "--no-input"]
    _run([*pip, *install, "-r", str(lockfile)])
    compiled = damage.bytecode(folder)
    os.sync()  # a power cut must not leave the mark without what it vouches for
    (folder / damage.COMPLETE).write_text(compiled, encoding="utf-8")


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - words fixed above, paths of ours
            command,
            env=_ENVIRONMENT,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Stopped(
            ExitCode.FAILED, f"pip took over {TIMEOUT} s", "check that the droplet reaches pypi.org"
        ) from error
    if done.returncode != 0:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-8:])
        advice = (
            "compare requirements.txt with script/lock's output; check that the droplet reaches pypi.org, and its disk;"
            " after an upgrade of Python: ./deploy.sh setup"
        )
        raise Stopped(ExitCode.FAILED, f"the dependencies cannot be installed:\n{said}", advice)
