"""`settle` makes what runs match `current`, whatever it finds."""

from __future__ import annotations

from booty_release.cli import main
from booty_release.outcome import ExitCode
from support.droplet_folder import DropletFolder

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
