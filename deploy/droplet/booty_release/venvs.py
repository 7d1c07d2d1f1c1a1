"""Virtual environments, each shared by all releases with one lock file under one Python."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path

from booty_release import damage, install
from booty_release.layout import Layout, sync_folder
from booty_release.outcome import FREE_SPACE, NO_SPACE, ExitCode, Stopped
from booty_release.progress import say, step


def key_of(lockfile: bytes) -> str:
    """Return the folder name for this content of a lock file under the Python that runs us."""
    return f"{hashlib.sha256(lockfile).hexdigest()}-py{sys.version_info.major}.{sys.version_info.minor}"


def sound(layout: Layout, pins: bytes, *, first: Path | None = None) -> Path | None:
    """Return an environment for a lock file that says `pins` with which nothing is wrong, `first` if it is one."""
    made = sorted(layout.venvs.glob(f"{key_of(pins)}*"), key=lambda folder: (folder != first, folder.name))
    return next((folder for folder in made if damage.found(folder, pins) is None), None)


def is_sound(layout: Layout, tree: Path) -> bool:
    """Return whether the unpacked release in `tree` has a sound environment."""
    had = _pointer(tree)
    return had is not None and sound(layout, (tree / "requirements.txt").read_bytes(), first=had) == had


def prepare(layout: Layout, tree: Path) -> bool:
    """Let the unpacked release in `tree` have a sound environment: the one that it has, another one, or a new one.

    Returns whether it is another one than before.

    Raises Stopped(FAILED) when it has none and none can be built.
    """
    lockfile = tree / "requirements.txt"
    pins, had = lockfile.read_bytes(), _pointer(tree)
    environment = sound(layout, pins, first=had)
    if environment and environment == had:
        return False
    if os.path.lexists(tree / ".venv"):
        say(f"note: {tree.name} needs another environment: {damage.found(had or tree / '.venv', pins)}")
    try:
        environment = environment or build(layout, lockfile)
    except Stopped as stopped:
        is_cancelled = stopped.code == ExitCode.CANCELLED
        if is_cancelled or had is None or damage.found(had, pins, of_any_patch=True) is not None:
            raise
        say(f"note: going on with the environment of an earlier patch release of Python: {stopped.cause}")
        return False
    _point(tree, environment)
    _precompile(tree)
    return True


def _pointer(tree: Path) -> Path | None:
    """Return the environment that the release in `tree` points to, there or not."""
    with contextlib.suppress(OSError):
        return (tree / ".venv").readlink()
    return None


def _point(tree: Path, environment: Path) -> None:
    link, fresh = tree / ".venv", tree / ".venv.new"
    if link.is_dir() and not link.is_symlink():
        shutil.rmtree(link)
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(environment)
    fresh.rename(link)
    sync_folder(tree)


def build(layout: Layout, lockfile: Path) -> Path:
    """Install exactly what `lockfile` names, each file checked against its hash; return the environment.

    It is a new one: a release may be running from a damaged one. Wheels only: a source package would run its own code
    as the deploy user.
    """
    folder = _unused(layout, key_of(lockfile.read_bytes()))
    try:
        with step(f"install the locked dependencies (at most {install.TIMEOUT} s)"):
            install.fill(folder, lockfile)
    except BaseException as error:
        is_full = layout.is_full()
        shutil.rmtree(folder, ignore_errors=True)  # what filled the disk must not keep the next upload out
        if is_full and isinstance(error, Stopped):
            raise Stopped(ExitCode.FAILED, f"{NO_SPACE}: {error.cause}", FREE_SPACE) from error
        raise
    return folder


def _unused(layout: Layout, key: str) -> Path:
    """Return a folder that is not there and to which no release points."""
    used = _used(layout)
    for number in itertools.count():
        folder = layout.venvs / (f"{key}-{number}" if number else key)
        if folder.name not in used:
            shutil.rmtree(folder, ignore_errors=True)
            if not os.path.lexists(folder):
                return folder
    raise AssertionError  # there is always another number


def _used(layout: Layout) -> set[str]:
    return {environment.name for tree in layout.releases.iterdir() if (environment := _pointer(tree))}


def prune(layout: Layout) -> None:
    """Remove environments that no release points to."""
    used = _used(layout)
    for folder in layout.venvs.iterdir():
        if folder.name not in used:
            (folder / damage.COMPLETE).unlink(missing_ok=True)
            shutil.rmtree(folder, ignore_errors=True)


def _precompile(release: Path) -> None:
    """Write the release's bytecode, which the service may not; what does not compile shows in the candidate."""
    python = str(release / ".venv/bin/python")
    subprocess.run(  # noqa: S603 - our own interpreter over our own folder
        [python, "-I", "-m", "compileall", "-q", "booty"], cwd=release, check=False, capture_output=True
    )
