"""A droplet that was damaged: something verified serves, and the next deploy or rollback heals the rest."""

from __future__ import annotations

import pytest
from support.throwaway.droplet import Droplet, the_next_deploy_works, undisturbed, until
from support.throwaway.repository import Repository

INSTALL = "... install the locked dependencies"
VENV = "/srv/booty/releases/{old}/.venv"
DAMAGES = {
    "a package without a file": "rm $(readlink {venv})/lib/python3*/site-packages/flask/app.py",
    "bytecode that a power cut left empty": "find $(readlink {venv})/lib -name '*.pyc' -exec truncate -s 20 {{}} +",
    "closed to the service": "chmod -R go-rwx $(readlink {venv})/",
    "another minor release of Python": "cd $(readlink {venv})/lib && mv python3.* python3.9",
}


@pytest.mark.parametrize("harm", DAMAGES.values(), ids=DAMAGES)
def test_a_rollback_rebuilds_the_environment_of_the_release_that_it_goes_to(
    droplet: Droplet, repository: Repository, old: str, harm: str
) -> None:
    new = repository.commit()
    assert droplet.deploy_sh(repository, "deploy").code == 0
    droplet.inside("sh", "-c", harm.format(venv=VENV.format(old=old)))

    with droplet.load() as load:
        healed = droplet.deploy_sh(repository, "rollback")

    assert healed.code == 0, healed.output
    assert INSTALL in healed.output
    assert droplet.settled(old)
    assert load.failed == []
    assert load.releases == sorted([f"booty@{old}", f"booty@{new}"])


def test_a_rebuild_that_is_killed_leaves_nothing_that_counts_as_an_environment(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    droplet.inside("sh", "-c", f"rm {VENV.format(old=old)}/bin/gunicorn")
    repository.commit()

    with undisturbed(droplet, old), droplet.deploying(repository, "deploy", until_said=INSTALL):
        droplet.kill_program()

    until(lambda: droplet.settled(old))
    again = droplet.deploy_sh(repository, "deploy")
    assert again.code == 0, again.output
    assert INSTALL in again.output
    assert INSTALL not in droplet.deploy_sh(repository, "rollback").output


@pytest.mark.parametrize("lose", ["ln -sfn releases/{gone} current", "rm current && mkdir -p current/booty"])
def test_after_a_reboot_that_lost_what_is_current_a_verified_release_serves(
    droplet: Droplet, repository: Repository, old: str, lose: str
) -> None:
    droplet.inside("sh", "-c", "cd /srv/booty && " + lose.format(gone="f" * 40))
    droplet.crash()
    droplet.boot()

    until(lambda: droplet.settled(old))
    assert droplet.answers() == f"booty@{old}"
    assert droplet.status()["instead"] == old
    assert f"nothing is current; {old} serves instead" in droplet.inside("journalctl", "-t", "booty-release")
    the_next_deploy_works(droplet, repository)


def test_after_a_reboot_that_broke_the_current_release_the_one_before_it_serves_and_a_deploy_of_it_heals_it(
    request: pytest.FixtureRequest, droplet: Droplet, repository: Repository, old: str
) -> None:
    new = repository.commit_with_new_dependencies()
    assert droplet.deploy_sh(repository, "deploy").code == 0
    droplet.inside("sh", "-c", f"rm -r {VENV.format(old=new)}/bin; mv /var/lib/wheels /var/lib/moved")
    request.addfinalizer(lambda: droplet.inside("mv", "/var/lib/moved", "/var/lib/wheels", check=False))
    droplet.crash()
    droplet.boot()

    until(lambda: droplet.settled(old))
    assert droplet.answers() == f"booty@{old}"
    assert droplet.status()["instead"] == old
    until(lambda: "cannot heal: " in droplet.inside("journalctl", "-t", "booty-release"))

    droplet.inside("mv", "/var/lib/moved", "/var/lib/wheels")
    healed = droplet.deploy_sh(repository, "deploy")

    assert healed.code == 0, healed.output
    assert droplet.answers() == f"booty@{new}"
    assert droplet.settled(new)


def test_after_an_upgrade_of_python_the_droplet_heals_by_itself_when_it_starts(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    assert repository
    droplet.inside("sh", "-c", "for lib in /srv/booty/venvs/*/lib; do mv $lib/python3.* $lib/python3.9; done")
    droplet.crash()
    droplet.boot()

    until(lambda: droplet.settled(old), within=60)
    assert droplet.answers() == f"booty@{old}"
    assert droplet.status()["healthy"] is True


def test_a_droplet_whose_own_python_is_too_old_needs_it_for_nothing(
    request: pytest.FixtureRequest, droplet: Droplet, repository: Repository, old: str
) -> None:
    """As on Ubuntu 22.04, where `python3` is 3.10 and a newer one lies beside it."""
    assert old
    system = droplet.inside("readlink", "/usr/bin/python3").strip()
    request.addfinalizer(lambda: droplet.deploy_sh(repository, "setup", SERVER_NAME="localhost"))
    request.addfinalizer(lambda: droplet.inside("ln", "-sfn", system, "/usr/bin/python3"))
    droplet.inside("ln", "-sfn", "/bin/false", "/usr/bin/python3")
    assert droplet.deploy_sh(repository, "setup", SERVER_NAME="localhost").code == 0

    the_next_deploy_works(droplet, repository)
