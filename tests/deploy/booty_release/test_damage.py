"""An environment that is damaged is known to be so, before a release starts from it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from booty_release import damage
from support.droplet_folder import DropletFolder
from support.throwaway.repository import PROJECT

LOCKFILE = PROJECT / "requirements.txt"
PINS = LOCKFILE.read_bytes()
SITE = "lib/python{}.{}/site-packages".format(*sys.version_info)


def replaced(path: Path, content: str, *, mode: int = 0o644) -> None:
    path.unlink(missing_ok=True)
    path.write_text(content)
    path.chmod(mode)


def relinked(path: Path, target: str) -> None:
    path.unlink()
    path.symlink_to(target)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "never finished": lambda folder: (folder / damage.COMPLETE).unlink(),
    "gone": shutil.rmtree,
    "no Python": lambda folder: (folder / "bin/python").unlink(),
    "a dangling Python": lambda folder: relinked(folder / "bin/python", "nowhere"),
    "a Python that is not executable": lambda folder: replaced(folder / "bin/python", ""),
    "another program for Python": lambda folder: replaced(folder / "bin/python", "#!/bin/sh\necho 3\n", mode=0o755),
    "no pyvenv.cfg": lambda folder: (folder / "pyvenv.cfg").unlink(),
    "a package without its record": lambda folder: (folder / SITE / "flask-1.dist-info/RECORD").unlink(),
    "a package gone": lambda folder: shutil.rmtree(folder / SITE / "flask-1.dist-info"),
    "a file gone": lambda folder: (folder / SITE / "flask.py").unlink(),
    "a file changed": lambda folder: (folder / SITE / "flask.py").write_text("\0"),
    "a record of garbage": lambda folder: (folder / SITE / "flask-1.dist-info/RECORD").write_bytes(b"\xff,sha1=,\n"),
    "an empty record": lambda folder: replaced(folder / SITE / "flask-1.dist-info/RECORD", ""),
    "a file that the service cannot read": lambda folder: (folder / SITE / "flask.py").chmod(0o600),
    "a folder that the service cannot enter": lambda folder: (folder / SITE).chmod(0o754),
    "closed to the service as a whole": lambda folder: folder.chmod(0o700),
    "another minor release of Python": lambda folder: (folder / SITE).parent.rename(folder / "lib/python3.9"),
    "another patch release of Python": lambda folder: replaced(
        folder / "pyvenv.cfg", "home = /usr\nversion = 3.11.0\n"
    ),
}


@pytest.fixture
def environment(droplet: DropletFolder) -> Path:
    """Make an environment with nothing wrong."""
    folder = droplet.have_environment(LOCKFILE)
    assert damage.found(folder, PINS) is None
    return folder


@pytest.mark.parametrize("harm", DAMAGES.values(), ids=DAMAGES)
def test_damage_of_every_kind_is_found(environment: Path, harm: Callable[[Path], object]) -> None:
    harm(environment)

    assert damage.found(environment, PINS)


def test_a_package_that_the_lock_file_names_and_nobody_installed_is_damage(environment: Path) -> None:
    assert damage.found(environment, PINS + b"one.more_package[extra]==1.0 \\\n") == "one.more_package is not in it"
    assert damage.found(environment, PINS + b'only-elsewhere==1.0 ; sys_platform == "win32"\n') is None


def test_bytecode_that_is_not_what_was_compiled_is_damage(environment: Path) -> None:
    compiled = environment / SITE / "__pycache__/flask.pyc"
    compiled.parent.mkdir()
    compiled.write_bytes(b"code")
    (environment / damage.COMPLETE).write_text(damage.bytecode(environment))

    assert damage.found(environment, PINS) is None
    compiled.write_bytes(b"")
    assert damage.found(environment, PINS) == f"{SITE}/__pycache__/flask.pyc is missing or changed"


def test_a_program_of_a_package_must_be_executable(environment: Path) -> None:
    record = environment / SITE / "flask-1.dist-info/RECORD"
    replaced(environment / "bin/flask", "")
    record.write_text(record.read_text().replace("flask.py", "../../../bin/flask"))

    assert damage.found(environment, PINS) == "../../../bin/flask is missing or changed"
    (environment / "bin/flask").chmod(0o755)
    assert damage.found(environment, PINS) is None
