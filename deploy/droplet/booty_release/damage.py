"""What is wrong with an environment, found before a release is started from it."""

from __future__ import annotations

import base64
import csv
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

COMPLETE = ".complete"
"""Written last, with what `bytecode` says (an older one is empty): without it a build was killed."""
_PIN = re.compile(
    r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==[^;\n]*$", re.MULTILINE
)  # one with a marker may not be wanted here
_VERSION = re.compile(r"^version = (\S+)", re.MULTILINE)
_TIMEOUT = 10  # seconds for its Python to say one line


def found(environment: Path, pins: bytes, *, of_any_patch: bool = False) -> str | None:
    """Return what is wrong with the folder `environment` for a lock file that says `pins`; None if nothing is.

    Compares every file with the hash that its package brought. With `of_any_patch`, it may be of another patch release
    of Python than the one that runs us.
    """
    if not (environment / COMPLETE).exists():
        return "it is not there, or was never finished"
    try:
        other = None if of_any_patch else _other_patch(environment)
        return (
            other or _silent(environment) or _changed(environment, pins) or _stale(environment) or _closed(environment)
        )
    except (OSError, ValueError, csv.Error, subprocess.TimeoutExpired) as error:
        return str(error)


def _other_patch(environment: Path) -> str | None:
    made = _VERSION.search((environment / "pyvenv.cfg").read_text(encoding="utf-8"))
    wanted = ".".join(map(str, sys.version_info[:3]))
    return None if made and made[1] == wanted else f"it was made by Python {made and made[1]}, the droplet has {wanted}"


def _silent(environment: Path) -> str | None:
    command = [str(environment / "bin/python"), "-I", "-c", "import sys; print(sys.prefix, sys.version)"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT, check=False)  # noqa: S603 - our own words
    return None if done.stdout.strip() == f"{environment} {sys.version}" else "its Python is not the droplet's"


def _changed(environment: Path, pins: bytes) -> str | None:
    site = environment / "lib/python{}.{}/site-packages".format(*sys.version_info)
    records = list(site.glob("*.dist-info/RECORD"))
    here = {_plain(record.parent.name.partition("-")[0]) for record in records}
    for name in _PIN.findall(pins.decode()):
        if _plain(name) not in here:
            return f"{name} is not in it"
    for record in records:
        rows = list(csv.reader(record.read_text(encoding="utf-8").splitlines()))
        if not rows:
            return f"{record.relative_to(site)} is empty"
        for name, digest, _ in rows:
            if digest and not _is_whole(site / name, digest):
                return f"{name} is missing or changed"
    return None


def _is_whole(path: Path, digest: str) -> bool:
    algorithm, _, wanted = digest.partition("=")
    content = hashlib.new(algorithm, path.read_bytes()).digest()
    is_program = path.parent.name == "bin"
    is_same = base64.urlsafe_b64encode(content).decode().rstrip("=") == wanted
    return is_same and (not is_program or os.access(path, os.X_OK))


def bytecode(environment: Path) -> str:
    """Return a line with the hash and the name of each compiled file, which no package brings a hash for."""
    compiled = sorted(environment.rglob("*.pyc"))
    return "".join(f"{_hash(path)} {path.relative_to(environment)}\n" for path in compiled)


def _stale(environment: Path) -> str | None:
    for line in (environment / COMPLETE).read_text(encoding="utf-8").splitlines():
        wanted, _, name = line.partition(" ")
        if _hash(environment / name) != wanted:
            return f"{name} is missing or changed"
    return None


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _closed(environment: Path) -> str | None:
    """Return what the service, which runs as another user than we do, cannot read; None if nothing is."""
    for folder, _, names in os.walk(environment):
        for path in (folder, *(os.path.join(folder, name) for name in names)):  # noqa: PTH118 - thousands of them
            mode = os.lstat(path).st_mode
            needed = 0o004 | (mode >> 6 & 0o001)  # what we may run or enter, it must
            if mode & needed != needed:
                return f"{path} is closed to the service"
    return None


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
