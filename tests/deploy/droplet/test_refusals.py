"""What may not be deployed: commits from elsewhere, older ones, those that were overtaken; strangers' host keys."""

from __future__ import annotations

from support.throwaway.droplet import Droplet, undisturbed
from support.throwaway.repository import Repository


def test_a_commit_that_is_not_on_the_branch_is_refused(droplet: Droplet, repository: Repository, old: str) -> None:
    stray = repository.commit()
    repository.git("reset", "--quiet", "--hard", old)

    refused = droplet.deploy_sh(repository, "deploy", stray)

    assert refused.code == 77
    assert "only commits of main can be deployed: merge it first" in refused.output


def test_a_commit_that_the_clone_does_not_have_is_refused(droplet: Droplet, repository: Repository) -> None:
    refused = droplet.deploy_sh(repository, "deploy", "0" * 40)

    assert refused.code == 66
    assert "is not in this clone: git fetch" in refused.output


def test_an_older_commit_is_refused_unless_it_is_a_rollback(droplet: Droplet, repository: Repository, old: str) -> None:
    new = repository.commit()
    assert droplet.deploy_sh(repository, "deploy").code == 0

    refused = droplet.deploy_sh(repository, "deploy", old)

    assert refused.code == 77
    assert f"{old} is older than {new}" in refused.output
    assert f"./deploy.sh rollback {old}" in refused.output
    assert droplet.deploy_sh(repository, "rollback", old).code == 0


def test_a_release_outside_the_history_of_the_commit_is_not_overwritten(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    running = repository.commit()
    assert droplet.deploy_sh(repository, "deploy").code == 0
    repository.git("reset", "--quiet", "--hard", old)
    rewritten = repository.commit(files={"README": "history was rewritten"})

    refused = droplet.deploy_sh(repository, "deploy", rewritten)

    assert refused.code == 77
    assert f"runs {running}, which is not in the history" in refused.output


def test_a_deploy_that_assumed_another_current_release_is_refused(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    new = repository.commit()

    refused = droplet.ssh(f"deploy {new} {'1' * 40} octocat -", stdin=repository.upload(new))

    assert refused.code == 77
    assert f"{old} is current now, not {'1' * 40}" in refused.output


def test_deploying_what_already_serves_changes_nothing(droplet: Droplet, repository: Repository, old: str) -> None:
    with undisturbed(droplet, old):
        again = droplet.deploy_sh(repository, "deploy", old)

    assert again.code == 0
    assert "serves already; nothing to do" in again.output


def test_a_host_key_that_is_not_the_pinned_one_is_refused(droplet: Droplet, repository: Repository) -> None:
    other = "127.0.0.1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIrVBq0cqsiuAqTMcKvB1mVgrTbfLFhsnxgVtV1NFwXn"

    refused = droplet.deploy_sh(repository, "deploy", DEPLOY_KNOWN_HOSTS=other)

    assert refused.code == 255
    assert "Host key verification failed" in refused.output
