"""The service itself on a droplet: every alert that was accepted during deploys and a rollback becomes one issue."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from collections.abc import Callable, Iterator

import pytest
from support.throwaway.droplet import Droplet, made, until
from support.throwaway.real_service import ALERT, SECRET, SECRETS, THROUGH_NGINX, issues
from support.throwaway.repository import Repository

from deploy.pipeline.shipping.standing import read_standing


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory, clone: Repository) -> Iterator[Droplet]:
    """Make a droplet that serves it."""
    droplet = made(name=f"booty-real-{os.getpid()}", folder=tmp_path_factory.mktemp("keys"))
    try:
        assert droplet.deploy_sh(clone, "setup", SERVER_NAME="localhost").code == 0
        droplet.write("/etc/booty/secrets.env", SECRETS)
        first = droplet.deploy_sh(clone, "deploy")
        assert first.code == 0, first.output
        yield droplet
    finally:
        droplet.destroy()


def test_no_accepted_alert_is_lost_and_none_becomes_two_issues(serving: Droplet, clone: Repository) -> None:
    # two callers, each every second: the service files one issue a second, and the test waits for all of them
    with serving.load(THROUGH_NGINX, ALERT=ALERT, SECRET=SECRET, PAUSE="1.0") as load:
        for _ in range(2):
            new = clone.commit()
            deployed = serving.deploy_sh(clone, "deploy")
            assert deployed.code == 0, deployed.output
            assert serving.answers() == f"booty@{new}"
        rolled_back = serving.deploy_sh(clone, "rollback")

    assert rolled_back.code == 0, rolled_back.output
    assert load.failed == []
    assert load.slowest < 1.0
    assert load.releases == ["accepted"]
    until(lambda: len(issues(serving)) >= load.sent, within=60.0)
    assert len(issues(serving)) == load.sent


def test_a_target_is_deployed_to_by_its_name_and_says_how_the_release_stands_there(
    serving: Droplet, clone: Repository
) -> None:
    lines = [f"{name}={shlex.quote(value)}\n" for name, value in serving.settings.items()]
    (clone.folder / ".deploy.staging.env").write_text("".join(lines))
    new = clone.commit()

    def on_staging(words: list[str], hear: Callable[[str], None]) -> int:
        done = serving.deploy_sh(clone, *words, "--target", "staging", DEPLOY_HOST="production.invalid")
        for line in done.output.splitlines():
            hear(line)
        return done.code

    said: list[str] = []
    assert on_staging(["deploy", new], said.append) == 0, said
    assert serving.answers() == f"booty@{new}"
    assert read_standing(on_staging, sha=new) == {"since": serving.status()["since"], "alerts": "0"}

    before = len(issues(serving))
    with serving.load(THROUGH_NGINX, ALERT=ALERT, SECRET=SECRET, PAUSE="0.3") as load:
        until(lambda: len(issues(serving)) > before)
    assert read_standing(on_staging, sha=new)["alerts"] == str(load.sent)


def test_a_restart_takes_another_secret_while_alerts_come(serving: Droplet, clone: Repository) -> None:
    other = "another-client-secret-of-a-test-droplet"
    serving.write("/etc/booty/secrets.env", SECRETS.replace(SECRET, f"{other},{SECRET}"))

    with serving.load(THROUGH_NGINX, ALERT=ALERT, SECRET=SECRET, PAUSE="0.2") as load:
        restarted = serving.deploy_sh(clone, "restart", SOAK_SECONDS="1")
    with serving.load(THROUGH_NGINX, ALERT=ALERT, SECRET=other, PAUSE="0.2") as signed_anew:
        status = serving.deploy_sh(clone, "status")

    serving.write("/etc/booty/secrets.env", SECRETS)
    assert (restarted.code, status.code) == (0, 0), restarted.output + status.output
    assert (load.failed, signed_anew.failed) == ([], [])
    assert load.slowest < 1.0


def test_settings_that_are_wrong_are_named_and_nothing_changes(serving: Droplet, clone: Repository) -> None:
    before = serving.current()
    serving.write("/etc/booty/secrets.env", SECRETS.replace("owner/repo", "not a repository"))
    clone.commit()

    failed = serving.deploy_sh(clone, "deploy")

    serving.write("/etc/booty/secrets.env", SECRETS)
    assert failed.code == 1
    assert "TARGET_REPO_URL" in failed.output
    assert SECRET not in failed.output
    assert serving.answers() == f"booty@{before}"


def test_a_half_written_file_of_routes_keeps_the_old_release_serving(serving: Droplet, clone: Repository) -> None:
    before = serving.current()
    serving.write("/etc/booty/routes.toml", '[[route]]\nproject = "shop"\n\n[[route]]\nproject = "sh')
    serving.inside("chmod", "644", "/etc/booty/routes.toml")
    serving.write("/etc/booty/secrets.env", f"{SECRETS}OBSV_ROUTES=/etc/booty/routes.toml\n")
    clone.commit()

    deployed, restarted = (serving.deploy_sh(clone, verb) for verb in ("deploy", "restart"))

    serving.write("/etc/booty/secrets.env", SECRETS)
    for failed in (deployed, restarted):
        assert failed.code == 1
        assert "OBSV_ROUTES" in failed.output
        assert "line 5" in failed.output
    assert serving.answers() == f"booty@{before}"


def test_the_services_own_commands_run_on_the_droplet(serving: Droplet) -> None:
    status = serving.inside("booty", "status", "--json", check=False)
    retried = serving.inside("booty", "retry", "--all")
    by_the_deploy_user = serving.inside(
        "runuser", "-u", "deploy", "--", "sudo", "-n", "/usr/local/bin/booty", "status", "--json", check=False
    )

    assert "refused" in json.loads(status)
    assert "owed once more" in retried
    assert json.loads(by_the_deploy_user).keys() == json.loads(status).keys()
    assert serving.inside("find", "/var/lib/booty", "!", "-user", "booty") == ""


@pytest.mark.parametrize(("words", "code"), [(["$GITHUB_TOKEN"], 64), (["status", "a b"], 64), (["nonsense"], 2)])
def test_a_command_that_is_wrong_is_refused(serving: Droplet, words: list[str], code: int) -> None:
    done = subprocess.run(serving.box("inside", "booty", *words), capture_output=True, check=False)

    assert done.returncode == code


def test_a_droplet_without_its_settings_says_so(serving: Droplet) -> None:
    serving.inside("mv", "/etc/booty/secrets.env", "/root/")

    done = subprocess.run(serving.box("inside", "booty", "doctor"), capture_output=True, text=True, check=False)

    serving.inside("mv", "/root/secrets.env", "/etc/booty/")
    assert (done.returncode, done.stdout) == (78, "")
    assert done.stderr == ("booty: nothing starts without /etc/booty/secrets.env: ./deploy.sh setup, then fill it in\n")


def test_a_secret_may_be_a_credential_instead_of_a_setting(serving: Droplet, clone: Repository) -> None:
    serving.write("/etc/credstore/booty.GITHUB_TOKEN", "a-token-of-a-test\n")
    serving.inside("chmod", "600", "/etc/credstore/booty.GITHUB_TOKEN")
    serving.write("/etc/booty/secrets.env", SECRETS.replace("BOOTY_PREVIEW=1", "BOOTY_PREVIEW=0"))
    new = clone.commit()

    deployed = serving.deploy_sh(clone, "deploy")

    assert deployed.code == 0, deployed.output
    assert serving.answers() == f"booty@{new}"
    main = serving.inside("systemctl", "show", "--property=MainPID", "--value", f"booty@{new}").strip()
    assert "a-token-of-a-test" not in serving.inside("cat", f"/proc/{main}/environ")
    serving.write("/etc/booty/secrets.env", SECRETS)
