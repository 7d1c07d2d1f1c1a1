"""The deploy key runs nothing but the verbs; the users and units may do nothing but their part."""

from __future__ import annotations

import subprocess

import pytest
from support.throwaway.droplet import Droplet
from support.throwaway.repository import Repository

SHA = "a" * 40


NOT_OURS = [
    "",
    "id",
    "/bin/sh",
    "bash -c id",
    "settle",
    "status;id",
    "scp -t /tmp",
    "/usr/lib/openssh/sftp-server",
    "internal-sftp",
    "rsync --server . /tmp",
    "git-upload-pack /srv/booty",
    "DEPLOY",
    " status",
    "\nstatus",
]
ODD = [
    f"{SHA[:39]} none octocat -",
    f"{SHA}a none octocat -",
    f"{SHA.upper()} none octocat -",
    f"{SHA};id none octocat -",
    "$(id) none octocat -",
    "`id` none octocat -",
    "../../etc none octocat -",
    f"{SHA} none octocat -\nid",
    f"{SHA} none octocat - more",
    f"{SHA} none  -",
    f"{SHA} none octo;cat -",
    f"{SHA} none octocat https://example.com/$(id)",
    f"{SHA} HEAD octocat -",
]


def test_the_key_runs_no_other_program(droplet: Droplet, old: str) -> None:
    outcomes = {line: droplet.ssh(line) for line in NOT_OURS}

    assert {line: outcome.code for line, outcome in outcomes.items()} == dict.fromkeys(NOT_OURS, 77)
    assert all("this key runs nothing but deploys" in outcome.output for outcome in outcomes.values())
    assert not any("uid=" in outcome.output for outcome in outcomes.values())
    assert droplet.current() == old


def test_odd_arguments_are_refused(droplet: Droplet, old: str) -> None:
    outcomes = {arguments: droplet.ssh(f"deploy {arguments}") for arguments in ODD}

    assert {arguments: outcome.code for arguments, outcome in outcomes.items()} == dict.fromkeys(ODD, 64)
    assert all("wrong arguments for deploy" in outcome.output for outcome in outcomes.values())
    assert droplet.current() == old


def test_the_key_gets_no_terminal(droplet: Droplet) -> None:
    refused = droplet.ssh("", options=("-tt",))

    assert refused.code == 255
    assert "PTY allocation request failed" in refused.output


def test_the_key_opens_no_file_transfer(droplet: Droplet) -> None:
    refused = droplet.ssh("sftp", options=("-s",))

    assert refused.code == 77
    assert "this key runs nothing but deploys" in refused.output


@pytest.mark.parametrize(
    "options",
    [("-o", "ExitOnForwardFailure=yes", "-R", "9999:127.0.0.1:22"), ("-W", "127.0.0.1:22")],
)
def test_the_key_forwards_no_port(droplet: Droplet, options: tuple[str, ...]) -> None:
    refused = droplet.ssh("current", options=options)

    assert refused.code == 255
    assert "SSH-2.0" not in refused.output


def test_a_key_that_the_deploy_user_allows_itself_opens_nothing(droplet: Droplet) -> None:
    stranger = droplet.keys / "stranger"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(stranger)], check=True)
    droplet.write("/home/deploy/.ssh/authorized_keys", stranger.with_suffix(".pub").read_text())
    droplet.inside("chown", "-R", "deploy:", "/home/deploy")

    refused = droplet.ssh("current", key="stranger")

    assert refused.code == 255
    assert "Permission denied (publickey)" in refused.output


FORBIDDEN = [
    "systemctl stop booty.socket",
    "systemctl stop ssh.service",
    "systemctl restart booty@{sha}.service",
    "systemctl start booty@{sha}.service ssh.service",
    "systemctl start booty@current.service",
    "systemctl start booty@../../x.service",
    "systemctl start booty@{short}.service",
    "systemctl edit booty@{sha}.service",
    "systemctl daemon-reload",
    "cat /etc/booty/secrets.env",
    "-u booty id",
]
INSTALLED = [
    "/usr/local/lib/booty-release/booty_release/cli.py",
    "/usr/local/bin/booty-release",
    "/etc/booty/deploy_keys",
    "/etc/systemd/system/booty@.service",
    "/etc/ssh/sshd_config.d/60-booty-deploy.conf",
]


def may(droplet: Droplet, user: str, *words: str) -> bool:
    """Return whether `user` succeeds with that command."""
    command = droplet.box("inside", "runuser", "-u", user, "--", *words)
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def test_the_deploy_user_may_ask_nothing_else_of_root(droplet: Droplet, old: str) -> None:
    commands = [command.format(sha=old, short=old[:39]) for command in FORBIDDEN]
    asked = {
        command: may(droplet, "deploy", "sudo", "-n", *command.replace("systemctl", "/usr/bin/systemctl").split())
        for command in commands
    }

    assert asked == dict.fromkeys(commands, False)
    assert droplet.settled(old)


def test_the_deploy_user_cannot_write_what_root_installed(droplet: Droplet, old: str) -> None:
    assert old
    assert {path: may(droplet, "deploy", "test", "-r", path) for path in INSTALLED} == dict.fromkeys(INSTALLED, True)
    assert {path: may(droplet, "deploy", "test", "-w", path) for path in INSTALLED} == dict.fromkeys(INSTALLED, False)


def test_nobody_but_root_reads_the_secrets(droplet: Droplet) -> None:
    readers = {
        user: may(droplet, user, "test", "-r", "/etc/booty/secrets.env") for user in ("deploy", "booty", "www-data")
    }

    assert readers == {"deploy": False, "booty": False, "www-data": False}


def test_the_service_cannot_write_its_own_code(droplet: Droplet, old: str) -> None:
    paths = [f"/srv/booty/releases/{old}", "/srv/booty", "/srv/booty/venvs", "/srv/booty/records"]

    assert {path: may(droplet, "booty", "test", "-w", path) for path in paths} == dict.fromkeys(paths, False)


@pytest.mark.parametrize(
    "unit", ["booty@{sha}", "booty-twin@{sha}", "booty-candidate@{sha}", "booty-settle@deploy", "booty-heal"]
)
def test_the_units_are_hardened_to_an_exposure_of_two_at_most(droplet: Droplet, old: str, unit: str) -> None:
    said = droplet.inside("systemd-analyze", "security", "--no-pager", unit.format(sha=old) + ".service")

    exposure = float(said.splitlines()[-1].split("service:")[1].split()[0])
    assert exposure <= 2.0


def test_systemd_finds_nothing_wrong_with_the_units(droplet: Droplet, old: str) -> None:
    units = [
        f"booty@{old}.service",
        f"booty-twin@{old}.service",
        f"booty-candidate@{old}.service",
        "booty-settle@boot.service",
        "booty-heal.service",
        "booty.socket",
    ]
    checked = subprocess.run(
        droplet.box("inside", "systemd-analyze", "verify", *units), capture_output=True, text=True, check=False
    )

    assert "booty" not in checked.stderr
    assert checked.returncode == 0


def test_a_candidate_keeps_its_state_to_itself(droplet: Droplet, repository: Repository, old: str) -> None:
    assert old
    spy = """
import os, pathlib
state = pathlib.Path(os.environ.get("BOOTY_STATE_DIR") or os.environ["STATE_DIRECTORY"])
(state / "was-here").write_text(str(state))
"""
    source = (repository.folder / "standin.py").read_text()
    repository.commit(files={"standin.py": source + spy})
    droplet.inside("rm", "-f", "/var/lib/booty/was-here")

    with droplet.deploying(repository, "deploy", until_said="... start beside") as deploy:
        left = droplet.inside("ls", "/run/booty-candidate", check=False)

    assert deploy.returncode == 0
    assert left == ""
    assert droplet.inside("cat", "/var/lib/booty/was-here") == "/var/lib/booty"
