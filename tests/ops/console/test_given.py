"""The settings that a command is given."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from booty.observability.ops.console.exits import WrongSettings
from booty.observability.ops.console.given import Given, given

NOWHERE = Path("/nonexistent")


def test_a_droplets_files_give_what_the_environment_does_not(tmp_path: Path) -> None:
    (tmp_path / "secrets.env").write_text("GITHUB_TOKEN=filed\nSENTRY_ORG=acme\n")
    (tmp_path / "more.env").write_text("OBSV_COOLDOWN_HOURS=2\n")
    (tmp_path / "installed").write_text("GITHUB_API_URL=no\n")

    found = given({"GITHUB_TOKEN": " given ", "SENTRY_ORG": " "}, droplet=tmp_path, folder=NOWHERE).environ

    assert {name: found[name] for name in found if name != "STATE_DIRECTORY"} == {
        "GITHUB_TOKEN": "given",
        "SENTRY_ORG": "acme",
        "OBSV_COOLDOWN_HOURS": "2",
    }


def test_without_a_droplets_files_those_of_script_server_count(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SENTRY_ORG=acme\n")

    assert given({}, droplet=NOWHERE, folder=tmp_path).environ == {"SENTRY_ORG": "acme"}


def test_a_line_is_read_as_systemd_reads_it(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "# a comment\n; another\n\nA=1\n B = two words \nC=\"in quotes\"\nD='in quotes'\n"
        "export E=5\nF=\nno setting\nG=a=b\n"
    )

    assert given({}, droplet=NOWHERE, folder=tmp_path).environ == {
        "A": "1",
        "B": "two words",
        "C": "in quotes",
        "D": "in quotes",
        "E": "5",
        "G": "a=b",
    }


def test_what_cannot_be_read_gives_nothing(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()

    assert given({}, droplet=tmp_path, folder=tmp_path).environ == {}
    assert given({}, droplet=NOWHERE, folder=tmp_path).environ == {}


@pytest.mark.parametrize("name", [".env", "secrets.env"])
def test_a_file_that_is_no_text_ends_the_command_instead_of_looking_at_another_ledger(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes("BOOTY_STATE_DIR=/srv/state\n".encode("utf-16"))

    with pytest.raises(WrongSettings, match=rf"{name}: is not UTF-8 text.*; save it as UTF-8"):
        given({}, droplet=tmp_path if name == "secrets.env" else NOWHERE, folder=tmp_path)


def test_a_byte_order_mark_belongs_to_no_name(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("\ufeffSENTRY_ORG=acme\n")

    assert given({}, droplet=NOWHERE, folder=tmp_path).environ == {"SENTRY_ORG": "acme"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_another_users_file_gives_nothing(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("GITHUB_API_URL=https://elsewhere.example\n")
    os.chown(tmp_path / ".env", 65534, 65534)

    assert given({}, droplet=NOWHERE, folder=tmp_path).environ == {}


def test_a_command_asks_for_the_settings_that_it_needs_and_no_others() -> None:
    settings = Given(
        {"TARGET_REPO_URL": "acme/shop", "GITHUB_TOKEN": "github_pat_x", "OBSV_COOLDOWN_HOURS": "never"}
    ).settings_for("TARGET_REPO_URL", "GITHUB_TOKEN")

    assert settings.repository == "acme/shop"
    assert settings.cooldown_hours == 6.0


def test_a_setting_that_is_needed_and_missing_is_named_with_what_to_do() -> None:
    with pytest.raises(WrongSettings) as refusal:
        Given({"GITHUB_TOKEN": "github_pat_x"}).settings_for("TARGET_REPO_URL", "GITHUB_TOKEN")

    assert refusal.value.exit_code == 78
    assert refusal.value.message.startswith("1 setting is missing or wrong:\n  TARGET_REPO_URL: is not set\n")


def test_all_of_them_are_those_that_the_service_starts_with() -> None:
    with pytest.raises(WrongSettings, match="3 settings are missing or wrong"):
        Given({}).settings()
