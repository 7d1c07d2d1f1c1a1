"""A release that is broken, in each way it can be: it gets no traffic, or loses it at once, and its fix goes out."""

from __future__ import annotations

import pytest
from support.throwaway.droplet import Droplet, the_next_deploy_works, undisturbed
from support.throwaway.repository import Repository


@pytest.mark.parametrize(
    ("behaviour", "cause"),
    [
        ("does not import", "the candidate does not start; it said:"),
        ("is not healthy", "a signed trial alert was answered with 503"),
        ("names another release", "the candidate does not answer /health"),
        ("fails every alert", "a signed trial alert was answered with 500"),
        ("does not import when live", "the release does not start; it said:"),
    ],
)
def test_a_broken_release_never_sees_traffic(
    droplet: Droplet, repository: Repository, old: str, behaviour: str, cause: str
) -> None:
    repository.commit(behaviour)

    with undisturbed(droplet, old):
        failed = droplet.deploy_sh(repository, "deploy")

    assert failed.code == 1
    assert cause in failed.output
    assert f"serving: {old}" in failed.output
    assert droplet.settled(old)
    the_next_deploy_works(droplet, repository)


def test_the_cause_that_the_candidate_logged_is_shown(droplet: Droplet, repository: Repository, old: str) -> None:
    repository.commit("does not import")

    failed = droplet.deploy_sh(repository, "deploy")

    assert "ImportError: a module that is not there" in failed.output
    assert droplet.current() == old


def test_a_release_that_fails_only_live_is_taken_back_at_once(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    new = repository.commit("is not healthy when live")

    with droplet.load() as load:
        failed = droplet.deploy_sh(repository, "deploy")

    assert failed.code == 1
    assert "passed as candidate but does not answer" in failed.output
    assert load.releases == [f"booty@{old}"]
    assert len(load.failed) < load.sent / 10
    assert f"{new} bad" in droplet.deploy_sh(repository, "releases").output
    the_next_deploy_works(droplet, repository)


def test_a_release_that_fails_once_it_is_alone_is_rolled_back(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    repository.commit("is not healthy once current")

    failed = droplet.deploy_sh(repository, "deploy")

    assert failed.code == 1
    assert f"rolling back to {old}" in failed.output
    assert f"serving: {old}" in failed.output
    assert droplet.answers() == f"booty@{old}"
    assert droplet.settled(old)
    the_next_deploy_works(droplet, repository)


def test_a_release_that_misbehaves_soon_after_the_cutover_is_rolled_back(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    new = repository.commit("loses its workers")

    failed = droplet.deploy_sh(repository, "deploy", SOAK_SECONDS="25")

    assert failed.code == 1
    assert f"booty@{new} misbehaved soon after it began to serve" in failed.output
    assert f"serving: {old}" in failed.output
    assert droplet.answers() == f"booty@{old}"
    assert droplet.settled(old)
    the_next_deploy_works(droplet, repository)


def test_a_rollback_that_fails_says_so_by_its_own_exit_code_and_the_fix_still_deploys(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    repository.commit("is not healthy once current")
    droplet.inside("mv", f"/srv/booty/releases/{old}/standin.py", f"/srv/booty/releases/{old}/moved")

    failed = droplet.deploy_sh(repository, "deploy")

    assert failed.code == 2
    assert "cause:   rollback failed" in failed.output
    assert "page someone" in failed.output
    the_next_deploy_works(droplet, repository)


def test_a_release_that_broke_after_its_deploy_is_replaced_by_its_fix(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    assert old
    repository.commit("breaks when told")
    assert droplet.deploy_sh(repository, "deploy").code == 0
    droplet.inside("touch", "/var/lib/booty/broken")
    assert droplet.answers() is None

    the_next_deploy_works(droplet, repository)


def test_units_that_differ_from_the_release_are_named_and_setup_fixes_them(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    assert old
    unit = "/etc/systemd/system/booty@.service"
    droplet.inside("sed", "-i", "s/RestartSec=1/RestartSec=2/", unit)
    repository.commit()

    deployed = droplet.deploy_sh(repository, "deploy")

    assert deployed.code == 0
    assert f"{unit} is not the one of this release; run: ./deploy.sh setup" in deployed.output
    assert droplet.status()["drift"] == [unit]
    assert f"placed    {unit}" in droplet.deploy_sh(repository, "setup", SERVER_NAME="localhost").output
    assert droplet.status()["drift"] == []


def test_secrets_that_are_missing_stop_the_deploy_and_not_the_old_release(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    repository.commit()
    droplet.inside("mv", "/etc/booty/secrets.env", "/etc/booty/moved")

    with undisturbed(droplet, old):
        failed = droplet.deploy_sh(repository, "deploy")

    droplet.inside("mv", "/etc/booty/moved", "/etc/booty/secrets.env")
    assert failed.code == 1
    assert "the candidate does not start" in failed.output
    the_next_deploy_works(droplet, repository)
