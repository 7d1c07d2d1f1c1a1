"""Virtual environments, each shared by all releases with one lock file under one Python."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from booty_release.layout import Layout
from booty_release.outcome import FREE_SPACE, NO_SPACE, ExitCode, Stopped

TIMEOUT = 600
"""Seconds for all downloads."""

_COMPLETE = ".complete"  # written last: without it the folder is what a killed build left
_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8"}


def key_of(lockfile: bytes) -> str:
    """Return the folder name for this content of a lock file under the Python that runs us."""
    return f"{hashlib.sha256(lockfile).hexdigest()}-py{sys.version_info.major}.{sys.version_info.minor}"


def is_ready(layout: Layout, key: str) -> bool:
    """Return whether that environment is complete."""
    return (layout.venvs / key / _COMPLETE).exists()


def build(layout: Layout, key: str, lockfile: Path, *, lock: int) -> None:
    """Install exactly what `lockfile` names, each file checked against its hash.

    Wheels only: a source package would run its own code as the deploy user. pip inherits `lock`, so that while an
    orphan of a killed deploy still writes here, nobody else starts.
    """
    folder = layout.venvs / key
    shutil.rmtree(folder, ignore_errors=True)
    try:
        _fill(folder, lockfile, lock)
    except BaseException as error:
        is_full = layout.is_full()
        shutil.rmtree(folder, ignore_errors=True)  # what filled the disk must not keep the next upload out
        if is_full and isinstance(error, Stopped):
            raise Stopped(ExitCode.FAILED, f"{NO_SPACE}: {error.cause}", FREE_SPACE) from error
        raise


def _fill(folder: Path, lockfile: Path, lock: int) -> None:
    _run([sys.executable, "-I", "-m", "venv", str(folder)], lock)
    install = ["install", "--quiet", "--no-cache-dir", "--require-hashes", "--only-binary=:all:", "--retries=2"]
    pip = [str(folder / "bin/python"), "-I", "-m", "pip", "--disable-pip-version-check", "--no-input"]
    _run([*pip, *install, "-r", str(lockfile)], lock)
    os.sync()  # a power cut must not leave the mark without what it vouches for
    (folder / _COMPLETE).touch()


def prune(layout: Layout) -> None:
    """Remove environments that no release points to."""
    used = {path.readlink().name for path in layout.releases.glob("*/.venv")}
    for folder in layout.venvs.iterdir():
        if folder.name not in used:
            (folder / _COMPLETE).unlink(missing_ok=True)
            shutil.rmtree(folder, ignore_errors=True)


def precompile(release: Path) -> None:
    """Write the release's bytecode, which the service may not; what does not compile shows in the candidate."""
    python = str(release / ".venv/bin/python")
    subprocess.run(  # noqa: S603 - our own interpreter over our own folder
        [python, "-I", "-m", "compileall", "-q", "booty"], cwd=release, check=False, capture_output=True
    )


def _run(command: list[str], lock: int) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - words fixed above, paths of ours
            command,
            env=_ENVIRONMENT,
            pass_fds=(lock,),
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
            "compare requirements.txt with script/lock's output; check that the droplet reaches pypi.org, and its disk"
        )
        raise Stopped(ExitCode.FAILED, f"the dependencies cannot be installed:\n{said}", advice)
