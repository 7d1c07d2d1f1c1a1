"""Environments with exactly what a lock file names, or none."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from booty_release import damage, install, venvs
from booty_release.cli import main
from booty_release.outcome import ExitCode, Stopped
from support.droplet_folder import DropletFolder
from support.throwaway.repository import Repository


def test_an_environment_is_complete_once_it_is_built(droplet: DropletFolder, tmp_path: Path) -> None:
    lockfile = tmp_path / "requirements.txt"
    lockfile.write_text("# nothing is needed\n")

    environment = venvs.build(droplet.layout, lockfile)

    assert venvs.sound(droplet.layout, lockfile.read_bytes()) == environment
    assert os.access(environment / "bin" / "python", os.X_OK)


def test_nothing_stays_of_an_environment_that_cannot_be_built(droplet: DropletFolder, tmp_path: Path) -> None:
    lockfile = tmp_path / "requirements.txt"
    lockfile.write_text("not a requirement\n")

    with pytest.raises(Stopped, match=r"the dependencies cannot be installed:\n.*not a requirement") as stopped:
        venvs.build(droplet.layout, lockfile)

    assert stopped.value.code == ExitCode.FAILED
    assert list(droplet.layout.venvs.iterdir()) == []


def test_a_release_whose_environment_is_damaged_gets_a_new_one_and_the_damaged_one_stays_while_it_may_be_in_use(
    droplet: DropletFolder, repository: Repository
) -> None:
    old = repository.commit(files={"requirements.txt": "# nothing is needed\n"})
    droplet.deploy(repository, old)
    new = repository.commit()
    droplet.deploy(repository, new)
    damaged = (droplet.layout.release(old) / ".venv").readlink()
    (damaged / "bin" / "python").unlink()

    code, said = droplet.say("rollback previous octocat -")

    healed = (droplet.layout.release(old) / ".venv").readlink()
    assert code == ExitCode.DONE, said
    assert f"note: {old} needs another environment: " in said
    assert "install the locked dependencies" in said
    assert damage.found(healed, b"# nothing is needed\n") is None
    assert (damaged / "pyvenv.cfg").exists()
    assert droplet.say(f"rollback {new} octocat -")[0] == ExitCode.DONE
    assert (droplet.layout.release(new) / ".venv").readlink() == healed


@pytest.mark.parametrize("pointer", ["gone", "dangling", "a folder"])
def test_a_release_that_lost_its_environment_shares_one_that_is_there(
    droplet: DropletFolder, repository: Repository, old: str, pointer: str
) -> None:
    droplet.deploy(repository, repository.commit())
    link = droplet.layout.release(old) / ".venv"
    environment = link.readlink()
    link.unlink()
    if pointer == "dangling":
        link.symlink_to(droplet.layout.venvs / "gone")
    if pointer == "a folder":
        link.mkdir()

    code, said = droplet.say("rollback previous octocat -")

    assert code == ExitCode.DONE, said
    assert "install the locked dependencies" not in said
    assert link.readlink() == environment


def test_a_release_goes_on_with_the_environment_of_an_earlier_patch_release_if_no_other_can_be_had(
    droplet: DropletFolder, repository: Repository, old: str
) -> None:
    droplet.deploy(repository, repository.commit())
    settings = (droplet.layout.release(old) / ".venv" / "pyvenv.cfg").resolve()
    settings.write_text(re.sub("version = .*", "version = 3.11.0", settings.read_text()))
    droplet.monkeypatch.setattr(install, "TIMEOUT", 0.001)

    code, said = droplet.say("rollback previous octocat -")

    assert code == ExitCode.DONE, said
    assert "it was made by Python 3.11.0, the droplet has " in said
    assert "going on with the environment of an earlier patch release of Python: pip took over" in said


def test_the_droplet_heals_what_is_current_by_itself_once(droplet: DropletFolder, old: str) -> None:
    link = droplet.layout.release(old) / ".venv"
    environment = link.readlink()
    link.unlink()
    droplet.monkeypatch.delenv("SSH_ORIGINAL_COMMAND")

    healed, again = main(["heal"], droplet.layout), main(["heal"], droplet.layout)

    assert (healed, again) == (ExitCode.DONE, ExitCode.FAILED)
    assert link.readlink() == environment
    assert f"there is nothing to heal in the environment of {old}" in droplet.capsys.readouterr().out
    assert droplet.say("heal")[0] == ExitCode.REFUSED


def test_what_cannot_be_healed_is_said(droplet: DropletFolder, old: str) -> None:
    (droplet.layout.release(old) / "requirements.txt").unlink()
    droplet.monkeypatch.delenv("SSH_ORIGINAL_COMMAND")

    assert main(["heal"], droplet.layout) == ExitCode.FAILED
    assert "cannot heal: [Errno 2]" in droplet.capsys.readouterr().out
