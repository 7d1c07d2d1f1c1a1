"""The scripts' own help: it needs no settings, no account, and prepares nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", ["bootstrap", "demo", "server", "test"])
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_shows_its_help(name: str, flag: str) -> None:
    done = subprocess.run([ROOT / "script" / name, flag], capture_output=True, text=True, timeout=30, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert f"script/{name}" in done.stdout
    assert "usage" in done.stdout.lower()
    assert "set -euo" not in done.stdout


@pytest.mark.parametrize("name", ["bootstrap", "demo", "server", "test"])
def test_shows_its_help_from_any_folder_and_before_anything_is_installed(name: str, tmp_path: Path) -> None:
    """A copy without `.venv` must not install one for its help's sake."""
    script = tmp_path / "script"
    script.mkdir()
    for source in (ROOT / "script").iterdir():
        if source.is_file():
            (script / source.name).write_bytes(source.read_bytes())
            (script / source.name).chmod(source.stat().st_mode)

    done = subprocess.run([script / name, "--help"], cwd="/", capture_output=True, text=True, timeout=30, check=False)

    assert done.returncode == 0
    assert not (tmp_path / ".venv").exists()


def test_bootstrap_refuses_what_it_does_not_know() -> None:
    done = subprocess.run([ROOT / "script" / "bootstrap", "prod"], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (64, "bootstrap: unknown argument prod; see script/bootstrap --help\n")
