"""A restart, from the line that ssh hands over to the exit code."""

from __future__ import annotations

import pytest
from booty_release import records
from booty_release.cli import main
from booty_release.outcome import ExitCode
from support.droplet_folder import DropletFolder

LINE = "restart current octocat - 0"


def test_a_restart_ends_with_one_process_under_the_name_that_it_always_has(droplet: DropletFolder, old: str) -> None:
    before = records.load(droplet.layout, old)

    code, said = droplet.say(LINE)

    assert code == ExitCode.DONE, said
    assert f"restarted: booty@{old}" in said
    assert droplet.systemd.running() == [f"booty@{old}.service"]
    assert records.load(droplet.layout, old) == before


@pytest.mark.parametrize("unit", ["booty-candidate", "booty-twin"])
@pytest.mark.parametrize("fault", ["refuse", "make_unwell"])
def test_a_new_process_that_fails_leaves_the_old_one_and_marks_nothing(
    droplet: DropletFolder, old: str, unit: str, fault: str
) -> None:
    before = records.load(droplet.layout, old)
    getattr(droplet.systemd, fault)(f"{unit}@{old}.service")

    code, said = droplet.say(LINE)

    assert code == ExitCode.FAILED
    assert f"serving: {old}" in said
    assert droplet.systemd.running() == [f"booty@{old}.service"]
    assert records.load(droplet.layout, old) == before


def test_what_does_not_start_again_leaves_its_twin_serving(droplet: DropletFolder, old: str) -> None:
    droplet.systemd.refuse(f"booty@{old}.service")

    code, said = droplet.say(LINE)

    assert code == ExitCode.FAILED
    assert f"serving: {old}" in said
    assert droplet.systemd.running() == [f"booty-twin@{old}.service"]
    droplet.systemd.accept(f"booty@{old}.service")
    assert main(["settle"], droplet.layout) == ExitCode.DONE
    assert droplet.systemd.running() == [f"booty@{old}.service"]


def test_a_restart_of_what_is_not_current_is_refused(droplet: DropletFolder, old: str) -> None:
    code, said = droplet.say(f"restart {'f' * 40} octocat -")

    assert code == ExitCode.REFUSED
    assert f"{old} is current now, not {'f' * 40} as this restart assumed" in said


def test_there_must_be_something_to_restart(droplet: DropletFolder) -> None:
    code, said = droplet.say(LINE)

    assert code == ExitCode.NO_SUCH_RELEASE
    assert "no release is current" in said
