"""The workflow with the real ./deploy.sh, through a real sshd."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from booty_release.commit import unpack
from support.workflow import github_bodies as bodies
from support.workflow.act_log import Run
from support.workflow.loopback_sshd import Droplet, account, loopback_droplet
from support.workflow.ready import deployed, merged
from support.workflow.throwaway import Project

from deploy.pipeline.public_health import AGREEING


@pytest.fixture
def droplet(ready: Project, tmp_path: Path) -> Iterator[Droplet]:
    """Serve ssh for the project, whose commit with the real deploy.sh was deployed and runs there."""
    ready.takes_the_real_deploy_sh()
    sha = ready.commit("Deploy in earnest")
    deployed(ready, sha)
    ready.serves(sha)
    with loopback_droplet(tmp_path / "droplet", served=ready.record / "served") as droplet:
        droplet.write("current", sha)
        yield droplet


def run(project: Project, droplet: Droplet, *, known_hosts: str | None = None, release: str | None = None) -> Run:
    """Run the workflow against the droplet."""
    variables = {
        "DEPLOY_HOST": "127.0.0.1",
        "DEPLOY_PORT": str(droplet.port),
        "DEPLOY_USER": account(),
        "DEPLOY_KNOWN_HOSTS": known_hosts or droplet.known_hosts,
    }
    event = "push" if release is None else "workflow_dispatch"
    return project.run(event, release=release, variables=variables, secrets={"DEPLOY_SSH_KEY": droplet.key})


def test_ships_the_commit_and_says_who_and_which_run(ready: Project, droplet: Droplet, tmp_path: Path) -> None:
    release = tmp_path / "release"
    release.mkdir()
    before, sha = ready.git("rev-parse", "HEAD"), merged(ready)

    ended = run(ready, droplet)

    url = f"https://github.com/{bodies.REPOSITORY}/actions/runs/{bodies.RUN}"
    assert (ended.exit_code, ended.jobs["record"]) == (0, "success")
    assert droplet.told() == ["current", "accepts", f"deploy {sha} {before} anne {url} 5"]
    with (droplet.folder / "shipped").open("rb") as shipped:
        unpack(shipped, sha, release)
    assert (release / "booty" / "wsgi.py").exists()
    assert f"public: {ready.outside.url}/health shows booty@{sha}" in ended.summaries["deploy"]
    assert f"✅ `{sha[:12]}` runs in production" in ended.summaries["deploy"]
    assert len(ready.outside.called("GET", "/health")) == 2  # the plan before, ./deploy.sh after


def test_rolls_back_over_ssh(ready: Project, droplet: Droplet) -> None:
    before, broken = ready.git("rev-parse", "HEAD"), merged(ready, "Break the parser")
    deployed(ready, broken, before)
    ready.serves(broken)
    droplet.write("current", broken)

    ended = run(ready, droplet, release="previous")

    assert ended.exit_code == 0
    assert droplet.told()[0] == "accepts"
    assert droplet.told()[1].startswith(f"rollback {before} {broken} anne https://")
    assert f"`{before[:12]}` runs in production" in ended.summaries["deploy"]
    assert len(ready.outside.called("GET", "/health")) == 1 + AGREEING


def test_sends_nothing_to_a_host_with_another_key(ready: Project, droplet: Droplet) -> None:
    merged(ready)

    ended = run(ready, droplet, known_hosts=droplet.wrong_known_hosts)

    assert (ended.exit_code, ended.jobs["deploy"]) == (1, "failure")
    assert droplet.told() == []
    assert "Host key verification failed" in ended.summaries["deploy"]
    assert "the droplet could not be reached by ssh" in ended.summaries["deploy"]
    assert "do not deploy: someone may be intercepting" in ended.summaries["deploy"]


def test_tells_the_droplets_refusal(ready: Project, droplet: Droplet) -> None:
    merged(ready)
    droplet.write("refuse", "FAIL superseded: a newer release went live meanwhile\n")

    ended = run(ready, droplet)

    assert (ended.exit_code, ended.jobs["deploy"]) == (1, "failure")
    assert "the droplet refused this release" in ended.summaries["deploy"]
    assert "FAIL superseded: a newer release went live meanwhile" in ended.summaries["deploy"]


def test_refuses_to_push_an_older_commit_over_a_newer(ready: Project, droplet: Droplet) -> None:
    old, newer = ready.git("rev-parse", "HEAD"), merged(ready)
    ready.git("reset", "--quiet", "--hard", old)
    ready.git("branch", "newer", newer)
    droplet.write("current", newer)
    ready.serves(newer)

    ended = run(ready, droplet)

    assert (ended.exit_code, ended.jobs["deploy"]) == (1, "failure")
    assert "is older than" in ended.summaries["deploy"]
    assert droplet.told() == ["current"]
