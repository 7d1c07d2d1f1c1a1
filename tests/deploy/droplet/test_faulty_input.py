"""Uploads, dependencies and disks that are not as they should be."""

from __future__ import annotations

import gzip
import subprocess

import pytest
from support.throwaway.droplet import Droplet, Outcome, the_next_deploy_works, undisturbed, until
from support.throwaway.repository import Repository

CANDIDATE = "... try it on a private socket"


def upload(droplet: Droplet, repository: Repository, old: str, bundle: bytes) -> Outcome:
    """Deploy the clone's newest commit with another upload than deploy.sh would send."""
    new = repository.git("rev-parse", "HEAD")
    with undisturbed(droplet, old):
        outcome = droplet.ssh(f"deploy {new} {old} octocat -", stdin=bundle)
    assert droplet.settled(old)
    return outcome


def test_an_upload_of_another_commit_is_refused(droplet: Droplet, repository: Repository, old: str) -> None:
    new = repository.commit()

    refused = upload(droplet, repository, old, repository.upload(old))

    assert refused.code == 65
    assert f"the upload is not commit {new}: " in refused.output


def test_an_upload_cut_short_is_refused(droplet: Droplet, repository: Repository, old: str) -> None:
    whole = repository.upload(repository.commit())

    refused = upload(droplet, repository, old, whole[: len(whole) // 2])

    assert refused.code == 65
    assert "run the same deploy again" in refused.output
    the_next_deploy_works(droplet, repository)


def test_an_upload_of_something_else_is_refused(droplet: Droplet, repository: Repository, old: str) -> None:
    repository.commit()

    refused = upload(droplet, repository, old, b"#!/bin/sh\nid\n")

    assert refused.code == 65
    assert "is not what deploy.sh sends" in refused.output


def test_a_commit_that_is_no_release_of_this_service_is_refused(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    repository.git("rm", "--quiet", "gunicorn.conf.py")
    new = repository.commit()

    refused = upload(droplet, repository, old, repository.upload(new))

    assert refused.code == 65
    assert f"commit {new} has no gunicorn.conf.py" in refused.output


@pytest.mark.parametrize(
    ("written", "forged"),
    [
        (b"harmless = True", b"harmless = None"),
        (b"100644 forged.py", b"100755 forged.py"),
        (b"120000 link", b"100644 link"),
        (b"A service that works", b"A service that w0rks"),
    ],
    ids=["content", "mode", "link", "commit"],
)
def test_a_forged_upload_is_refused_and_nothing_of_it_stays(
    droplet: Droplet, repository: Repository, old: str, written: bytes, forged: bytes
) -> None:
    (repository.folder / "link").symlink_to("forged.py")
    new = repository.commit(files={"forged.py": "harmless = True\n"})
    objects = repository.objects(new)
    before = droplet.inside("ls", "-A", "/srv", "/srv/booty", "/srv/booty/releases")

    refused = upload(droplet, repository, old, gzip.compress(objects.replace(written, forged)))

    assert written in objects
    assert refused.code == 65
    assert f"the upload is not commit {new}" in refused.output
    assert droplet.inside("ls", "-A", "/srv", "/srv/booty", "/srv/booty/releases") == before


@pytest.mark.usefixtures("old")
def test_attributes_of_the_commit_change_nothing_in_what_is_shipped(droplet: Droplet, repository: Repository) -> None:
    attributes = "shipped.py export-subst\nignored.py export-ignore\n"
    files = {".gitattributes": attributes, "shipped.py": "'$Format:%B$'\n", "ignored.py": "1\n"}
    new = repository.commit(files=files)

    deployed = droplet.deploy_sh(repository, "deploy")

    assert deployed.code == 0, deployed.output
    assert droplet.inside("cat", f"/srv/booty/releases/{new}/shipped.py").strip() == "'$Format:%B$'"
    assert droplet.inside("cat", f"/srv/booty/releases/{new}/ignored.py").strip() == "1"


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


def fill_the_disk(droplet: Droplet, *, leave: int = 0) -> None:
    """Leave that many bytes free."""
    filling = f"fallocate -l $(($(df --output=avail -B1 /srv | tail -1) - {leave})) /srv/filler$(ls /srv | wc -l)"
    droplet.inside("sh", "-c", filling)


def empty_the_disk(droplet: Droplet) -> None:
    droplet.inside("sh", "-c", "rm -f /srv/filler*")


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


@pytest.mark.parametrize("stage", ["unpack", "install the locked dependencies"])
def test_a_disk_that_a_deploy_filled_itself_has_room_for_the_next_one(
    request: pytest.FixtureRequest, droplet: Droplet, repository: Repository, old: str, stage: str
) -> None:
    if stage == "unpack":
        repository.commit(files={"large": "\0" * 30 * 1024 * 1024})
    else:
        repository.commit_with_new_dependencies()
    fill_the_disk(droplet, leave=12 * 1024 * 1024)
    request.addfinalizer(lambda: empty_the_disk(droplet))

    with undisturbed(droplet, old):
        failed = droplet.deploy_sh(repository, "deploy")

    repository.git("reset", "--quiet", "--hard", old)
    assert failed.code == 1
    assert f"FAIL {stage}" in failed.output
    assert "cause:   No space left on device: " in failed.output
    assert "free disk space on the droplet" in failed.output
    the_next_deploy_works(droplet, repository)


def test_a_disk_that_fills_up_before_the_switch_leaves_the_old_release(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    repository.commit("takes its time")
    fill_the_disk(droplet, leave=20 * 1024 * 1024)

    with droplet.deploying(repository, "deploy", until_said=CANDIDATE) as deploy:
        fill_the_disk(droplet)

    empty_the_disk(droplet)
    assert deploy.returncode == 1
    assert droplet.answers() == f"booty@{old}"
    until(lambda: droplet.settled(old))
    the_next_deploy_works(droplet, repository)


def test_an_upload_whose_ssh_is_cut_leaves_nothing(droplet: Droplet, repository: Repository, old: str) -> None:
    new = repository.commit()
    whole = repository.upload(new)
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
