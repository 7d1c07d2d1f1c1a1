"""`settle` makes what runs match `current`, whatever it finds."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from booty_release import records
from booty_release.cli import main
from booty_release.outcome import ExitCode
from support.droplet_folder import DropletFolder
from support.throwaway.repository import Repository

STRANGER = "f" * 40


def test_settling_starts_what_is_current_and_stops_everything_else(droplet: DropletFolder, old: str) -> None:
    (droplet.systemd.folder / "units" / f"booty@{old}.service").unlink()
    droplet.systemd.run(f"booty@{STRANGER}.service")
    droplet.systemd.run(f"booty-candidate@{STRANGER}.service")

    assert main(["settle"], droplet.layout) == ExitCode.DONE

    assert droplet.systemd.running() == [f"booty@{old}.service"]


def test_settling_without_anything_to_serve_closes_the_socket(droplet: DropletFolder) -> None:
    droplet.systemd.run("booty.socket")

    assert main(["settle"], droplet.layout) == ExitCode.DONE

    assert not droplet.systemd.is_listening()


def test_settling_leaves_what_runs_when_the_current_release_does_not_start(droplet: DropletFolder, old: str) -> None:
    (droplet.systemd.folder / "units" / f"booty@{old}.service").unlink()
    droplet.systemd.run(f"booty@{STRANGER}.service")
    droplet.systemd.refuse(f"booty@{old}.service")

    assert main(["settle"], droplet.layout) == ExitCode.FAILED

    assert f"booty@{STRANGER}.service" in droplet.systemd.running()


def test_the_deploy_key_cannot_settle(droplet: DropletFolder) -> None:
    assert droplet.say("settle")[0] == ExitCode.REFUSED


def stopped(droplet: DropletFolder, sha: str) -> None:
    """Let a reboot have stopped that release."""
    (droplet.systemd.folder / "units" / f"booty@{sha}.service").unlink()


def folder_for_current(droplet: DropletFolder) -> None:
    current = droplet.layout.root / "current"
    current.unlink()
    (current / "booty").mkdir(parents=True)


def file_for_current(droplet: DropletFolder) -> None:
    droplet.layout.switch(None)
    (droplet.layout.root / "current").touch()


LOSSES: dict[str, Callable[[DropletFolder], object]] = {
    "lost": lambda droplet: droplet.layout.switch(None),
    "dangling": lambda droplet: droplet.layout.switch(STRANGER),
    "a folder": folder_for_current,
    "a file": file_for_current,
}


@pytest.mark.parametrize("lose", LOSSES.values(), ids=LOSSES)
def test_when_nothing_is_current_the_newest_verified_release_that_starts_serves(
    droplet: DropletFolder, repository: Repository, old: str, lose: Callable[[DropletFolder], object]
) -> None:
    new, newest = repository.commit(), repository.commit()
    droplet.deploy(repository, new)
    droplet.deploy(repository, newest)
    stopped(droplet, newest)
    droplet.systemd.refuse(f"booty@{newest}.service")
    lose(droplet)

    assert main(["settle"], droplet.layout) == ExitCode.DONE
    said = droplet.capsys.readouterr().out
    _, status = droplet.say("status --json")
    code, deployed = droplet.deploy(repository, repository.commit())

    assert old != new
    assert f"nothing is current; {new} serves instead, which is verified" in said
    assert json.loads(status)["instead"] == new
    assert f"note: `current` was lost; {new} serves and is verified, so it is current again" in deployed
    assert code == ExitCode.DONE


def test_when_the_current_release_does_not_start_another_one_serves_until_somebody_decides(
    droplet: DropletFolder, repository: Repository, old: str
) -> None:
    new = repository.commit()
    droplet.deploy(repository, new)
    stopped(droplet, new)
    droplet.systemd.refuse(f"booty@{new}.service")

    assert main(["settle"], droplet.layout) == ExitCode.DONE
    said, running = droplet.capsys.readouterr().out, droplet.systemd.running()
    _, status = droplet.say("status")
    code, rolled_back = droplet.say("rollback previous octocat -")

    assert f"{new} does not start; {old} serves instead" in said
    assert running == [f"booty@{old}.service"]
    assert f"instead: {old} serves; ./deploy.sh deploy or rollback puts things in order" in status
    assert code == ExitCode.DONE, rolled_back
    assert droplet.layout.current() == old
    left = records.load(droplet.layout, new)
    assert left is not None
    assert left.state == "left"


def test_of_releases_none_of_which_starts_only_the_best_is_tried_again(
    droplet: DropletFolder, repository: Repository, old: str
) -> None:
    new = repository.commit()
    droplet.deploy(repository, new)
    stopped(droplet, new)
    for sha in (old, new):
        droplet.systemd.refuse(f"booty@{sha}.service")

    assert main(["settle"], droplet.layout) == ExitCode.FAILED
    assert "cannot settle: " in droplet.capsys.readouterr().out
    assert droplet.systemd.running() == []
