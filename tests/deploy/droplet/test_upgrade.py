"""From the last release that had its files elsewhere to this one, back and forth: a set-up droplet goes on as it is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.throwaway.droplet import Droplet, made
from support.throwaway.real_service import ALERT, SECRET, SECRETS, THROUGH_NGINX, THROUGH_THE_SOCKET
from support.throwaway.repository import Repository

BEFORE = "4c24dd2c2da659874986db7b7982efbd4b2d564c"
"""The last commit with `deploy/setup` and the droplet's program in `deploy/remote`."""
RUN_SETUP = "is not the one of this release; run: ./deploy.sh setup"
NEW_VERBS = (["restart"], ["cancel"], ["booty", "status"], ["logs", "--since=1h"])
OLD_VERBS = (["status"], ["releases"], ["logs"], ["status", "--json"])
PAUSE = os.environ.get("UPGRADE_PAUSE", "0.05")  # seconds between two requests of one of the four callers


@pytest.fixture
def clone(tmp_path: Path) -> Repository:
    """Make a clone of the project as it is here."""
    return Repository(tmp_path / "clone", real=True)


@pytest.fixture
def droplet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Droplet]:
    """Make a droplet that nobody has set up."""
    droplet = made(name=f"booty-upgrade-{os.getpid()}", folder=tmp_path_factory.mktemp("keys"))
    yield droplet
    droplet.destroy()


def run(droplet: Droplet, clone: Repository, *words: str) -> str:
    """Run the deploy.sh that the clone has now, which must succeed; return what it said."""
    done = droplet.deploy_sh(clone, *words, **({"SERVER_NAME": "localhost"} if words == ("setup",) else {}))
    assert done.code == 0, done.output
    return done.output


def test_a_droplet_that_the_last_release_set_up_takes_this_one_and_goes_back_without_a_failed_request(
    droplet: Droplet, clone: Repository
) -> None:
    today = clone.git("rev-parse", "HEAD")
    old = clone.commit_tree_of(BEFORE)
    run(droplet, clone, "setup")
    droplet.write("/etc/booty/secrets.env", SECRETS)
    run(droplet, clone, "deploy")

    with droplet.load(THROUGH_NGINX, THROUGH_THE_SOCKET, ALERT=ALERT, SECRET=SECRET, PAUSE=PAUSE) as load:
        new = clone.commit_tree_of(today)
        by_the_old_program = run(droplet, clone, "deploy")
        assert droplet.answers() == f"booty@{new}"
        run(droplet, clone, "rollback")
        assert droplet.answers() == f"booty@{old}"
        for words in NEW_VERBS:
            refused = droplet.deploy_sh(clone, *words)
            assert refused.code != 0
            assert "was set up by an earlier release, run: ./deploy.sh setup" in refused.output
        set_up = run(droplet, clone, "setup")
        by_the_new_program = run(droplet, clone, "deploy")
        assert droplet.answers() == f"booty@{new}"
        run(droplet, clone, "restart")
        run(droplet, clone, "rollback")
        assert droplet.answers() == f"booty@{old}"
        clone.commit_tree_of(BEFORE)
        by_the_old_deploy_sh = droplet.deploy_sh(clone, "deploy")
        for words in OLD_VERBS:
            run(droplet, clone, *words)
        assert droplet.answers() == f"booty@{old}"

    assert by_the_old_deploy_sh.code == 65
    assert "with the deploy.sh of that commit or a newer one" in by_the_old_deploy_sh.output
    assert RUN_SETUP in by_the_old_program
    assert "placed    /etc/booty/installed" in set_up
    assert RUN_SETUP not in by_the_new_program
    assert load.failed == []
    assert load.slowest < 1.0
    assert load.releases == ["accepted"]
    assert load.sent > 100
