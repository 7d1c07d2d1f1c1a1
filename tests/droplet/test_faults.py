"""A fault at every stage: the old release answers throughout, the words are right, the next deploy cleans up itself."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from throwaway_droplet import Droplet, Load, Outcome, Repository, until

CANDIDATE = "... try it on a private socket"
BESIDE = "... start beside the old release"
DRAIN = "... drain the old release"


@contextmanager
def undisturbed(droplet: Droplet, old: str) -> Iterator[Load]:
    """Let callers come while the block lasts: `old`, and nobody else, must answer each of them within a second."""
    with droplet.load() as load:
        yield load
    assert load.failed == []
    assert load.releases == [f"booty@{old}"]
    assert load.slowest < 1.0


def commit_with_new_dependencies(repository: Repository) -> str:
    """Commit another lock file, so that the droplet must build a new environment."""
    lockfile = (repository.folder / "requirements.txt").read_text()
    return repository.commit(files={"requirements.txt": f"{lockfile}# no environment has this line\n"})


def the_next_deploy_works(droplet: Droplet, repository: Repository) -> None:
    fix = repository.commit()
    deployed = droplet.deploy_sh(repository, "deploy")
    assert deployed.code == 0, deployed.output
    assert droplet.answers() == f"booty@{fix}"
    assert droplet.settled(fix)


def archive(repository: Repository, sha: str) -> bytes:
    return subprocess.check_output(["git", "archive", "--format=tar.gz", sha], cwd=repository.folder)


@pytest.mark.parametrize(
    ("behaviour", "cause"),
    [
        ("does not import", "the candidate does not start; it said:"),
        ("is not healthy", "the candidate does not answer /health"),
        ("names another release", "the candidate does not answer /health"),
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


def test_a_commit_that_is_not_on_the_branch_is_refused(droplet: Droplet, repository: Repository, old: str) -> None:
    stray = repository.commit()
    repository.git("reset", "--quiet", "--hard", old)

    refused = droplet.deploy_sh(repository, "deploy", stray)

    assert refused.code == 77
    assert f"commit {stray} is not on main" in refused.output


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

    refused = droplet.ssh(f"deploy {new} {'1' * 40} octocat -", stdin=archive(repository, new))

    assert refused.code == 77
    assert f"{old} is current now, not {'1' * 40}" in refused.output


def test_deploying_what_already_serves_changes_nothing(droplet: Droplet, repository: Repository, old: str) -> None:
    with undisturbed(droplet, old):
        again = droplet.deploy_sh(repository, "deploy", old)

    assert again.code == 0
    assert "serves already; nothing to do" in again.output


def upload(droplet: Droplet, repository: Repository, old: str, bundle: bytes) -> Outcome:
    """Deploy the clone's newest commit with another upload than deploy.sh would send."""
    new = repository.git("rev-parse", "HEAD")
    with undisturbed(droplet, old):
        outcome = droplet.ssh(f"deploy {new} {old} octocat -", stdin=bundle)
    assert droplet.settled(old)
    return outcome


def test_an_upload_of_another_commit_is_refused(droplet: Droplet, repository: Repository, old: str) -> None:
    new = repository.commit()

    refused = upload(droplet, repository, old, archive(repository, old))

    assert refused.code == 65
    assert f"the upload is commit {old}, not {new}" in refused.output


def test_an_upload_cut_short_is_refused(droplet: Droplet, repository: Repository, old: str) -> None:
    whole = archive(repository, repository.commit())

    refused = upload(droplet, repository, old, whole[: len(whole) // 2])

    assert refused.code == 65
    assert "run the same deploy again" in refused.output
    the_next_deploy_works(droplet, repository)


def test_an_upload_that_is_no_archive_is_refused(droplet: Droplet, repository: Repository, old: str) -> None:
    repository.commit()

    refused = upload(droplet, repository, old, b"#!/bin/sh\nid\n")

    assert refused.code == 65
    assert "is no gzipped tar file" in refused.output


def test_a_commit_that_is_no_release_of_this_service_is_refused(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    repository.git("rm", "--quiet", "gunicorn.conf.py")
    new = repository.commit()

    refused = upload(droplet, repository, old, archive(repository, new))

    assert refused.code == 65
    assert f"commit {new} has no gunicorn.conf.py" in refused.output


def test_a_dependency_that_cannot_be_had_stops_the_deploy(droplet: Droplet, repository: Repository, old: str) -> None:
    missing = f"no-such-package==1.0 --hash=sha256:{'0' * 64}\n"
    repository.commit(files={"requirements.txt": missing})

    with undisturbed(droplet, old):
        failed = droplet.deploy_sh(repository, "deploy")

    assert failed.code == 1
    assert "the dependencies cannot be installed" in failed.output
    assert "no-such-package" in failed.output
    repository.git("checkout", "--quiet", old, "--", "requirements.txt")
    the_next_deploy_works(droplet, repository)


def test_a_dependency_with_another_hash_stops_the_deploy(droplet: Droplet, repository: Repository, old: str) -> None:
    lockfile = (repository.folder / "requirements.txt").read_text()
    forged = "".join(
        f"    --hash=sha256:{'0' * 64}{' ' + chr(92) if line.endswith(chr(92)) else ''}\n"
        if line.startswith("    --hash")
        else f"{line}\n"
        for line in lockfile.splitlines()
    )
    repository.commit(files={"requirements.txt": forged})

    failed = droplet.deploy_sh(repository, "deploy")

    assert failed.code == 1
    assert "DO NOT MATCH THE HASHES" in failed.output
    assert droplet.answers() == f"booty@{old}"


def fill_the_disk(droplet: Droplet) -> None:
    droplet.inside(
        "sh",
        "-c",
        "fallocate -l $(df --output=avail -B1 /srv | tail -1) /srv/filler; dd if=/dev/zero of=/srv/filler2",
        check=False,
    )


def empty_the_disk(droplet: Droplet) -> None:
    droplet.inside("rm", "-f", "/srv/filler", "/srv/filler2")


def test_a_full_disk_stops_the_deploy(droplet: Droplet, repository: Repository, old: str) -> None:
    repository.commit()
    fill_the_disk(droplet)

    with undisturbed(droplet, old):
        failed = droplet.deploy_sh(repository, "deploy")

    empty_the_disk(droplet)
    assert failed.code == 1
    assert "No space left on device" in failed.output
    assert "free disk space" in failed.output
    the_next_deploy_works(droplet, repository)


def test_a_disk_that_fills_up_before_the_switch_leaves_the_old_release(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    repository.commit()

    with droplet.deploying(repository, "deploy", until_said=CANDIDATE) as deploy:
        fill_the_disk(droplet)

    empty_the_disk(droplet)
    assert deploy.returncode == 1
    assert droplet.answers() == f"booty@{old}"
    until(lambda: droplet.settled(old))
    the_next_deploy_works(droplet, repository)


@pytest.mark.parametrize("stage", ["... unpack", "... install the locked dependencies", CANDIDATE, BESIDE])
def test_a_deploy_that_is_killed_leaves_the_old_release_alone_on_the_socket(
    droplet: Droplet, repository: Repository, old: str, stage: str
) -> None:
    commit_with_new_dependencies(repository) if "install" in stage else repository.commit()

    with droplet.load() as load, droplet.deploying(repository, "deploy", until_said=stage) as deploy:
        droplet.kill_program()

    assert deploy.returncode not in (0, None)
    until(lambda: droplet.settled(old))
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


@pytest.mark.parametrize("stage", ["... install the locked dependencies", CANDIDATE, BESIDE])
def test_a_reboot_in_the_middle_brings_the_old_release_back(
    droplet: Droplet, repository: Repository, old: str, stage: str
) -> None:
    commit_with_new_dependencies(repository) if "install" in stage else repository.commit()

    with droplet.deploying(repository, "deploy", until_said=stage):
        droplet.crash()
    droplet.boot()

    until(lambda: droplet.settled(old))
    assert droplet.answers() == f"booty@{old}"
    the_next_deploy_works(droplet, repository)


def test_a_deploy_whose_ssh_is_cut_goes_on_to_its_end(droplet: Droplet, repository: Repository, old: str) -> None:
    new = repository.commit()

    with droplet.load() as load:
        with droplet.deploying(repository, "deploy", until_said=CANDIDATE) as deploy:
            droplet.inside("pkill", "-9", "-u", "deploy", "-f", "^sshd")
        until(lambda: droplet.settled(new))

    assert deploy.returncode == 255
    assert load.failed == []
    assert load.releases == sorted([f"booty@{old}", f"booty@{new}"])
    assert "live: booty@" in droplet.deploy_sh(repository, "logs").output


def test_an_upload_whose_ssh_is_cut_leaves_nothing(droplet: Droplet, repository: Repository, old: str) -> None:
    new = repository.commit()
    whole = archive(repository, new)
    before = droplet.inside("ls", "-A", "/srv/booty", "/srv/booty/releases")
    command = droplet.ssh_command(f"deploy {new} {old} octocat -")

    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as sending:
        assert sending.stdin is not None
        assert sending.stdout is not None
        assert b"receive the upload" in sending.stdout.readline()
        sending.stdin.write(whole[:100])
        sending.stdin.flush()
        droplet.inside("pkill", "-9", "-u", "deploy", "-f", "^sshd")

    assert sending.returncode == 255
    until(lambda: droplet.inside("pgrep", "-u", "deploy", "-f", "booty-release", check=False) == "")
    assert droplet.inside("ls", "-A", "/srv/booty", "/srv/booty/releases") == before
    assert droplet.settled(old)


def test_a_second_deploy_meanwhile_is_told_who_is_at_work(droplet: Droplet, repository: Repository, old: str) -> None:
    new = repository.commit()

    with droplet.deploying(repository, "deploy", until_said=CANDIDATE) as first:
        second = droplet.deploy_sh(repository, "deploy", DEPLOY_ACTOR="mona")
        rollback = droplet.deploy_sh(repository, "rollback", DEPLOY_ACTOR="mona")

    assert first.returncode == 0
    assert (second.code, rollback.code) == (75, 75)
    assert f"locked: deploy {new} by octocat since 20" in second.output
    assert f"serving: {old}" in second.output


def test_a_host_key_that_is_not_the_pinned_one_is_refused(droplet: Droplet, repository: Repository) -> None:
    other = "127.0.0.1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIrVBq0cqsiuAqTMcKvB1mVgrTbfLFhsnxgVtV1NFwXn"

    refused = droplet.deploy_sh(repository, "deploy", DEPLOY_KNOWN_HOSTS=other)

    assert refused.code == 255
    assert "Host key verification failed" in refused.output


def test_units_that_differ_from_the_release_are_named_and_setup_mends_them(
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
