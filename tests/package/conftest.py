"""The package as somebody else gets it: built from a copy of the project, installed into an environment of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from package.built import Built
from support.service import ROOT
from support.throwaway.repository import Repository


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a copy of the project."""
    return Repository(tmp_path_factory.mktemp("package") / "clone", real=True).folder


@pytest.fixture(scope="session")
def built(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build the sdist, and the wheel out of it."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "build", "--outdir", folder, clone], check=True, capture_output=True)
    (sdist,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return Built(sdist, wheel)


@pytest.fixture(scope="session")
def environment(clone: Path, built: Built) -> Path:
    """Install the wheel, with what it says that it needs, in the locked versions, into the clone's own `.venv`."""
    pins = clone.parent / "pins.txt"
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins.write_text("\n".join(line.rstrip(" \\") for line in lock if line[:1].isalnum()), encoding="utf-8")
    environment = clone / ".venv"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    pip = [str(environment / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", "--constraint", str(pins), str(built.wheel)], check=True)
    subprocess.run([*pip, "check"], check=True, capture_output=True)
    return environment
