"""Deploys that are killed, cut off, or meet another one: a proven release serves, alone, and nobody cleans up."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.throwaway.droplet import Droplet, the_next_deploy_works, undisturbed, until
from support.throwaway.repository import Repository

CANDIDATE = "... try it on a private socket"
BESIDE = "... start beside the old release"
DRAIN = "... drain the old release"
SLOW_SYSTEMCTL = """\
#!/bin/sh
case "$*" in "{held}"*) touch /run/reached; until [ -e /run/go ]; do sleep 0.05; done ;; esac
exec /usr/bin/systemctl.real "$@"
"""


@pytest.mark.parametrize("stage", ["... unpack", "... install the locked dependencies", CANDIDATE, BESIDE])
def test_a_deploy_that_is_killed_leaves_the_old_release_alone_on_the_socket(
    droplet: Droplet, repository: Repository, old: str, stage: str
) -> None:
    repository.commit_with_new_dependencies() if "install" in stage else repository.commit("takes its time")

    with droplet.load() as load, droplet.deploying(repository, "deploy", until_said=stage) as deploy:
        droplet.kill_program()

    assert deploy.returncode not in (0, None)
    until(lambda: droplet.settled(old))
    assert droplet.current() == old
    assert load.failed == []
    the_next_deploy_works(droplet, repository)


@pytest.fixture
def hold_back(droplet: Droplet) -> Iterator[Callable[[str], None]]:
    """Return what lets systemctl, when it is told to do this, wait for /run/go before it asks systemd."""
    droplet.inside("mv", "/usr/bin/systemctl", "/usr/bin/systemctl.real")
    droplet.inside("cp", "--preserve", "/usr/bin/systemctl.real", "/usr/bin/systemctl")
    yield lambda held: droplet.write("/usr/bin/systemctl", SLOW_SYSTEMCTL.format(held=held))
    droplet.inside("mv", "/usr/bin/systemctl.real", "/usr/bin/systemctl")
    droplet.inside("rm", "-f", "/run/reached", "/run/go")


@pytest.mark.parametrize(
    ("verb", "stage", "held"),
    [
        ("deploy", CANDIDATE, "start booty-candidate@{new}"),
        ("deploy", BESIDE, "start booty@{new}"),
        ("restart", "... drain the old process", "stop booty@{old}"),
    ],
)
def test_what_a_killed_deploy_has_asked_systemd_for_comes_before_the_end_of_its_lock(  # noqa: PLR0913, PLR0917 - by pytest
    droplet: Droplet,
    repository: Repository,
    old: str,
    hold_back: Callable[[str], None],
    verb: str,
    stage: str,
    held: str,
) -> None:
    new = repository.commit()
    hold_back(held.format(new=new, old=old))

    with droplet.load() as load:
        with droplet.deploying(repository, verb, until_said=stage):
            until(lambda: bool(droplet.inside("find", "/run/reached", check=False)))
            droplet.kill_program()
            at_once = droplet.inside("sh", "-c", "flock --timeout 2 /srv/booty/lock true; echo $?")
            droplet.inside("touch", "/run/go")
        until(lambda: droplet.settled(old))

    assert at_once == "1\n"
    assert droplet.current() == old
    assert load.failed == []
    the_next_deploy_works(droplet, repository)


def test_a_deploy_that_is_killed_while_the_old_release_drains_leaves_one_that_was_proven(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    new = repository.commit()

    with droplet.load() as load, droplet.deploying(repository, "deploy", until_said=DRAIN):
        droplet.kill_program()

    until(lambda: droplet.settled(new))
    assert droplet.current() == new
    assert load.failed == []
    assert load.releases == sorted([f"booty@{old}", f"booty@{new}"])
    the_next_deploy_works(droplet, repository)


def test_a_rollback_that_is_killed_while_the_release_drains_has_left_it(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    middle = repository.commit()
    assert droplet.deploy_sh(repository, "deploy").code == 0
    repository.commit()
    assert droplet.deploy_sh(repository, "deploy").code == 0

    with droplet.load() as load, droplet.deploying(repository, "rollback", until_said=DRAIN):
        droplet.kill_program()

    until(lambda: droplet.settled(middle))
    assert load.failed == []
    again = droplet.deploy_sh(repository, "rollback")
    assert again.code == 0, again.output
    assert droplet.current() == old


@pytest.mark.parametrize("stage", ["... install the locked dependencies", CANDIDATE, BESIDE])
def test_a_reboot_in_the_middle_brings_the_old_release_back(
    droplet: Droplet, repository: Repository, old: str, stage: str
) -> None:
    repository.commit_with_new_dependencies() if "install" in stage else repository.commit("takes its time")

    with droplet.deploying(repository, "deploy", until_said=stage):
        droplet.crash()
    droplet.boot()

    until(lambda: droplet.settled(old))
    assert droplet.answers() == f"booty@{old}"
    the_next_deploy_works(droplet, repository)


def test_a_deploy_whose_ssh_is_cut_goes_on_to_its_end(droplet: Droplet, repository: Repository, old: str) -> None:
    new = repository.commit("takes its time")

    with droplet.load() as load:
        with droplet.deploying(repository, "deploy", until_said=CANDIDATE) as deploy:
            droplet.inside("pkill", "-9", "-u", "deploy", "-f", "^sshd")
        until(lambda: droplet.settled(new))

    assert deploy.returncode == 255
    assert load.failed == []
    assert load.releases == sorted([f"booty@{old}", f"booty@{new}"])
    assert "live: booty@" in droplet.deploy_sh(repository, "logs").output


def test_a_second_deploy_meanwhile_is_told_who_is_at_work(droplet: Droplet, repository: Repository, old: str) -> None:
    new = repository.commit("takes its time")

    with droplet.deploying(repository, "deploy", until_said=CANDIDATE) as first:
        second = droplet.deploy_sh(repository, "deploy", DEPLOY_ACTOR="mona")
        rollback = droplet.deploy_sh(repository, "rollback", DEPLOY_ACTOR="mona")

    assert first.returncode == 0
    assert (second.code, rollback.code) == (75, 75)
    assert f"locked: deploy {new} by octocat since 20" in second.output
    assert f"serving: {old}" in second.output


def test_a_release_that_is_no_longer_named_current_serves_on_and_is_current_again(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    repository.commit("does not import")
    droplet.inside("rm", "/srv/booty/current")

    with undisturbed(droplet, old):
        failed = droplet.deploy_sh(repository, "deploy")
        until(lambda: droplet.settled(old))

    assert failed.code == 1
    assert f"{old} serves and is verified, so it is current again" in failed.output
    assert droplet.current() == old
    the_next_deploy_works(droplet, repository)


def test_a_lock_that_names_a_living_process_which_does_not_hold_it_is_free(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    assert old
    droplet.inside("systemd-run", "--unit=namesake", "--uid=deploy", "/usr/bin/sleep", "infinity")
    namesake = droplet.inside("systemctl", "show", "--property=MainPID", "--value", "namesake.service").strip()
    stale = {"verb": "deploy", "sha": "a" * 40, "actor": "ghost", "run": "-", "since": "2020", "pid": int(namesake)}
    droplet.write("/srv/booty/lock", json.dumps(stale))

    at_work = droplet.status()["lock"]

    assert at_work is None
    the_next_deploy_works(droplet, repository)
    droplet.inside("systemctl", "stop", "namesake.service")


@pytest.mark.parametrize("stage", ["... install the locked dependencies", CANDIDATE, BESIDE])
def test_a_deploy_that_is_cancelled_leaves_the_old_release_and_no_lock(
    droplet: Droplet, repository: Repository, old: str, stage: str
) -> None:
    new = repository.commit_with_new_dependencies() if "install" in stage else repository.commit("takes its time")

    with droplet.load() as load, droplet.deploying(repository, "deploy", until_said=stage) as deploy:
        cancelled = droplet.deploy_sh(repository, "cancel", DEPLOY_ACTOR="mona")

    assert cancelled.code == 0, cancelled.output
    assert f"ending deploy {new} by octocat" in cancelled.output
    assert deploy.returncode == 130
    until(lambda: droplet.settled(old))
    assert droplet.status()["lock"] is None
    assert load.failed == []
    assert f"{new} bad" not in droplet.deploy_sh(repository, "releases").output
    the_next_deploy_works(droplet, repository)


def test_a_deploy_that_is_cancelled_while_it_is_watched_brings_the_old_release_back(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    new = repository.commit()

    with (
        droplet.load() as load,
        droplet.deploying(repository, "deploy", until_said="... watch it", SOAK_SECONDS="60") as deploy,
    ):
        cancelled = droplet.deploy_sh(repository, "cancel", DEPLOY_ACTOR="mona")

    assert (cancelled.code, deploy.returncode) == (0, 130), cancelled.output
    until(lambda: droplet.settled(old))
    assert droplet.current() == old
    assert load.failed == []
    assert f"{new} bad" not in droplet.deploy_sh(repository, "releases").output


def test_ctrl_c_ends_the_deploy_on_the_droplet(droplet: Droplet, repository: Repository, old: str) -> None:
    repository.commit("takes its time")

    with droplet.deploying(repository, "deploy", until_said=CANDIDATE) as deploy:
        deploy.send_signal(signal.SIGINT)

    assert deploy.returncode == 130
    assert old == droplet.current()
    until(lambda: droplet.settled(old))
    assert droplet.status()["lock"] is None


def test_an_upload_that_is_ended_never_becomes_a_deploy(
    droplet: Droplet, repository: Repository, old: str, tmp_path: Path
) -> None:
    repository.commit()
    (tmp_path / "gzip").write_text("#!/bin/sh\nsleep 3\nexec /usr/bin/gzip\n")  # a slow line
    (tmp_path / "gzip").chmod(0o755)

    slow = f"{tmp_path}:{os.environ['PATH']}"
    with droplet.deploying(repository, "deploy", until_said="... receive the upload", PATH=slow) as deploy:
        deploy.send_signal(signal.SIGTERM)  # to deploy.sh alone, as `kill` does, and not to what it started

    assert deploy.returncode == 130
    until(lambda: droplet.inside("pgrep", "-u", "deploy", "-f", "booty-release", check=False) == "")
    assert droplet.current() == old
    assert droplet.settled(old)


def test_nobody_but_the_deploy_user_can_hold_the_lock(droplet: Droplet, repository: Repository, old: str) -> None:
    assert old
    held = ["runuser", "-u", "booty", "--", "flock", "--nonblock", "/srv/booty/lock", "true"]
    assert "Permission denied" in droplet.inside("sh", "-c", f"{' '.join(held)} 2>&1", check=False)
    droplet.inside("chmod", "644", "/srv/booty/lock")  # as earlier releases left it
    droplet.inside("systemd-run", "--unit=stranger", "--uid=booty", "flock", "/srv/booty/lock", "sleep", "infinity")

    cancelled = droplet.deploy_sh(repository, "cancel")

    assert "held by a process that is not a deploy" in cancelled.output
    droplet.inside("/usr/local/bin/booty-release", "status")
    the_next_deploy_works(droplet, repository)
    assert droplet.inside("stat", "-c", "%U %a", "/srv/booty/lock") == "deploy 600\n"
    droplet.inside("systemctl", "stop", "stranger.service")


def test_a_lock_that_root_left_is_replaced(droplet: Droplet, repository: Repository, old: str) -> None:
    assert old
    droplet.inside("install", "-m", "600", "/dev/null", "/srv/booty/lock")

    the_next_deploy_works(droplet, repository)


def test_the_log_is_followed_until_nobody_reads_it(droplet: Droplet, repository: Repository, old: str) -> None:
    assert old
    wanted = "bm90aGluZyB3YXMgY2FuY2VsbGVk"  # "nothing was cancelled", in base64
    command = droplet.ssh_command(f"logs --follow --since=1s --grep={wanted}")
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as following:
        until(lambda: "--follow" in droplet.inside("pgrep", "-a", "-u", "deploy", "journalctl", check=False))
        assert droplet.deploy_sh(repository, "cancel").code == 0
        assert following.stdout is not None
        line = following.stdout.readline()
        following.kill()

    assert "no deploy is running; nothing was cancelled" in line
    until(lambda: not droplet.inside("pgrep", "-u", "deploy", "journalctl", check=False))


def test_the_log_is_searched_from_the_laptop(droplet: Droplet, repository: Repository, old: str) -> None:
    found = droplet.deploy_sh(repository, "logs", "--since=1h", f"--grep=live: booty@{old}")

    assert found.code == 0
    assert all(f"live: booty@{old}" in line for line in found.output.splitlines())
    assert found.output
