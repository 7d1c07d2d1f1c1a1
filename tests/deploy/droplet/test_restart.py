"""A restart for changed secrets, under load: a new process of the same release takes over, or the old one stays."""

from __future__ import annotations

import json

import pytest
from support.throwaway.droplet import Droplet, undisturbed, until
from support.throwaway.real_service import THROUGH_NGINX, THROUGH_THE_SOCKET
from support.throwaway.repository import Repository

SECRETS = "SENTRY_WEBHOOK_SECRET=the-secret-of-the-droplet\n"
NEW = "SENTRY_WEBHOOK_SECRET=another-secret\n"
CANDIDATE = "... try it on a private socket"
TWIN = "... start a new process beside the old one"
SOAK = "... watch it"
DRAIN = "... drain the old process"
AGAIN = "... start it under its own name again"


def process(droplet: Droplet, sha: str) -> str:
    """Return the number of the process that serves that release."""
    return droplet.inside("systemctl", "show", "--property=MainPID", "--value", f"booty@{sha}.service").strip()


def secret(droplet: Droplet, sha: str) -> str:
    """Return the secret that this process has."""
    settings = droplet.inside("cat", f"/proc/{process(droplet, sha)}/environ").split("\0")
    return next(setting for setting in settings if setting.startswith("SENTRY_WEBHOOK_SECRET=")) + "\n"


def states(droplet: Droplet) -> dict[str, str]:
    return {entry["sha"]: entry["state"] for entry in json.loads(droplet.ssh("releases --json").output)}


def test_a_restart_brings_changed_secrets_without_a_failed_or_a_slow_request(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    before, known = process(droplet, old), states(droplet)
    droplet.write("/etc/booty/secrets.env", NEW)

    with droplet.load(THROUGH_NGINX, THROUGH_THE_SOCKET) as load:
        restarted = droplet.deploy_sh(repository, "restart", SOAK_SECONDS="1")

    assert restarted.code == 0, restarted.output
    assert "watch it for 1 s" in restarted.output
    assert f"restarted: booty@{old}" in restarted.output
    assert load.failed == []
    assert load.slowest < 1.0
    assert load.sent > 100
    assert (secret(droplet, old), process(droplet, old) == before) == (NEW, False)
    assert droplet.settled(old)
    assert states(droplet) == known
    droplet.write("/etc/booty/secrets.env", SECRETS)
    assert droplet.deploy_sh(repository, "restart").code == 0
    assert secret(droplet, old) == SECRETS


@pytest.mark.parametrize(
    ("settings", "stage"),
    [
        (None, "FAIL try it"),
        (f"{NEW}MISBEHAVE=does not import\n", "FAIL try it"),
        (f"{NEW}MISBEHAVE=fails every alert\n", "FAIL try it"),
        (f"{NEW}MISBEHAVE=does not import when live\n", "FAIL start a new process"),
        (f"{NEW}MISBEHAVE=is not healthy when live\n", "FAIL start a new process"),
        (f"{NEW}MISBEHAVE=loses its workers\n", "FAIL "),  # at the start or while it is watched: as soon as one dies
    ],
)
def test_secrets_that_do_not_work_leave_the_old_process_and_mark_nothing(
    droplet: Droplet, repository: Repository, old: str, settings: str | None, stage: str
) -> None:
    before, known = process(droplet, old), states(droplet)
    if settings:
        droplet.write("/etc/booty/secrets.env", settings)
    else:
        droplet.inside("mv", "/etc/booty/secrets.env", "/root/secrets.env")

    with droplet.load(("unix:/run/booty.sock", "/health")) as load:
        failed = droplet.deploy_sh(repository, "restart", SOAK_SECONDS="3")

    if not settings:
        droplet.inside("mv", "/root/secrets.env", "/etc/booty/secrets.env")
    droplet.write("/etc/booty/secrets.env", SECRETS)
    assert failed.code == 1, failed.output
    assert stage in failed.output, failed.output
    assert f"serving: {old}" in failed.output
    assert process(droplet, old) == before
    assert states(droplet) == known
    assert droplet.settled(old)
    if "when live" not in str(settings) and "workers" not in str(settings):
        assert load.failed == []
    assert droplet.deploy_sh(repository, "restart").code == 0


@pytest.mark.parametrize("stage", [CANDIDATE, TWIN, SOAK, DRAIN, AGAIN])
def test_a_restart_that_is_killed_leaves_one_process_that_serves(
    droplet: Droplet, repository: Repository, old: str, stage: str
) -> None:
    with undisturbed(droplet, old), droplet.deploying(repository, "restart", until_said=stage, SOAK_SECONDS="1"):
        droplet.kill_program()
        until(lambda: droplet.settled(old))

    assert droplet.deploy_sh(repository, "restart").code == 0


def test_a_reboot_in_the_middle_starts_the_release_with_the_new_secrets(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    droplet.write("/etc/booty/secrets.env", NEW)
    with droplet.deploying(repository, "restart", until_said=DRAIN):
        droplet.crash()
    droplet.boot()

    until(lambda: droplet.settled(old))
    assert droplet.answers() == f"booty@{old}"
    assert secret(droplet, old) == NEW
    droplet.write("/etc/booty/secrets.env", SECRETS)
    assert droplet.deploy_sh(repository, "restart").code == 0


def test_a_restart_that_is_cancelled_while_it_is_watched_leaves_the_old_process(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    before = process(droplet, old)

    with (
        undisturbed(droplet, old),
        droplet.deploying(repository, "restart", until_said=SOAK, SOAK_SECONDS="60") as restart,
    ):
        cancelled = droplet.deploy_sh(repository, "cancel", DEPLOY_ACTOR="mona")

    assert cancelled.code == 0, cancelled.output
    assert f"ending restart {old} by octocat" in cancelled.output
    assert restart.returncode == 130
    until(lambda: droplet.settled(old))
    assert process(droplet, old) == before


def test_a_deploy_of_what_runs_names_the_verb_for_changed_secrets(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    deployed = droplet.deploy_sh(repository, "deploy", old)

    assert deployed.code == 0
    assert "for changed secrets: ./deploy.sh restart" in deployed.output
