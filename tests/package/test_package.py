"""The package that `pip install` makes: what it holds, what it needs, and its command."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from package.built import Built
from support.service import ROOT

import booty

FOUND = (path for path in (ROOT / "booty").rglob("*") if path.suffix in {".py", ".html", ".css", ".typed"})
PACKAGE = {str(path.relative_to(ROOT)) for path in FOUND}


def test_the_wheel_holds_the_package_its_types_and_its_licence(built: Built) -> None:
    about = {"METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE"}

    assert built.in_wheel() == PACKAGE | {f"*.dist-info/{name}" for name in about}


def test_the_source_holds_what_the_wheel_is_built_from(built: Built) -> None:
    pages = {"README.md", "CHANGELOG.md", "LICENSE"}
    build = {"pyproject.toml", "hatch_build.py", "requirements.in", ".gitignore", "PKG-INFO"}

    assert built.in_sdist() == PACKAGE | pages | build


def test_it_says_its_version_its_licence_and_what_it_needs(built: Built) -> None:
    lines = (ROOT / "requirements.in").read_text(encoding="utf-8").splitlines()
    needs = [line.partition("#")[0].strip() for line in lines if not line.startswith("#")]

    said = built.metadata()

    assert needs
    assert said["Version"] == booty.__version__
    assert said["License-Expression"] == "MIT"
    assert said["Requires-Python"] == ">=3.11"
    assert said.get_all("Requires-Dist") == needs


@pytest.mark.parametrize(
    ("words", "code"),
    [(["--help"], 0), ([], 2), (["status"], 0), (["retry", "1:1"], 1), (["status", "--json"], 0), (["away"], 2)],
)
def test_its_command_is_the_module(environment: Path, tmp_path: Path, words: list[str], code: int) -> None:
    done = [
        subprocess.run([*command, *words], cwd=tmp_path, env={}, capture_output=True, text=True, check=False)
        for command in ([environment / "bin" / "booty"], [environment / "bin" / "python", "-m", "booty"])
    ]

    assert [run.returncode for run in done] == [code, code]
    assert done[0].stderr == done[1].stderr
    if "--json" not in words:  # which tells the time
        assert done[0].stdout == done[1].stdout


def test_it_comes_from_the_environment_not_from_here(environment: Path, tmp_path: Path) -> None:
    where = [str(environment / "bin" / "python"), "-c", "import booty; print(booty.__file__)"]

    assert subprocess.check_output(where, cwd=tmp_path, env={}, text=True).startswith(f"{environment}/lib/")
