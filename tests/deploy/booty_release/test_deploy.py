"""Deploys and rollbacks, from the line that ssh hands over to the exit code."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from booty_release import cutover, lock, records
from booty_release.outcome import ExitCode, Stopped
from booty_release.records import Record
from booty_release.request import Request
from support.droplet_folder import DropletFolder
from support.throwaway.repository import Repository

STRANGER = "f" * 40


def test_a_deploy_lets_the_new_release_take_over_from_the_old_one(
    droplet: DropletFolder, repository: Repository, old: str
) -> None:
    new = repository.commit()

    code, said = droplet.deploy(repository, new)

    assert code == ExitCode.DONE
    assert f"live: booty@{new}" in said
    assert "install the locked dependencies" not in said
    assert droplet.layout.current() == new
    assert droplet.systemd.running() == [f"booty@{new}.service"]
    assert [record.sha for record in records.verified(droplet.layout)] == [new, old]


def test_a_rollback_goes_back_and_marks_what_it_leaves(
    droplet: DropletFolder, repository: Repository, old: str
) -> None:
    new = repository.commit()
    droplet.deploy(repository, new)

    code, _ = droplet.say("rollback previous octocat -")

    left = records.load(droplet.layout, new)
    assert code == ExitCode.DONE
    assert droplet.layout.current() == old
    assert droplet.systemd.running() == [f"booty@{old}.service"]
    assert left is not None
    assert (left.state, left.note) == ("left", f"rolled back to {old}")


@pytest.mark.parametrize("target", ["previous", "the oldest"])
def test_a_rollback_that_was_decided_twice_goes_back_once(
    droplet: DropletFolder, repository: Repository, old: str, target: str
) -> None:
    middle = repository.commit()
    droplet.deploy(repository, middle)
    newest = repository.commit()
    droplet.deploy(repository, newest)
    said = f"rollback {target if target == 'previous' else old} {newest} octocat -"

    first, _ = droplet.say(said)
    went_to = droplet.layout.current()
    second, answer = droplet.say(said)

    assert (first, second) == (ExitCode.DONE, ExitCode.REFUSED)
    assert went_to == (middle if target == "previous" else old)
    assert f"{went_to} is current now, not {newest} as this rollback assumed" in answer
    assert droplet.layout.current() == went_to


@pytest.mark.parametrize(
    ("unit", "cause"),
    [
        ("booty-candidate@{sha}.service", "the candidate does not start; it said:\nwhat the unit logged"),
        ("booty@{sha}.service", "the release does not start; it said:\nwhat the unit logged"),
    ],
)
def test_a_release_that_does_not_start_leaves_the_old_one(
    droplet: DropletFolder, repository: Repository, old: str, unit: str, cause: str
) -> None:
    new = repository.commit()
    droplet.systemd.refuse(unit.format(sha=new))

    code, said = droplet.deploy(repository, new)

    assert code == ExitCode.FAILED
    assert f"cause:   {cause}" in said
    assert f"serving: {old}" in said
    assert droplet.systemd.running() == [f"booty@{old}.service"]
    assert records.load(droplet.layout, new) is None


def test_a_rollback_that_fails_for_a_reason_of_the_droplet_leaves_the_way_back_open(
    droplet: DropletFolder, repository: Repository, old: str
) -> None:
    new = repository.commit()
    droplet.deploy(repository, new)
    before = records.load(droplet.layout, old)
    droplet.systemd.refuse(f"booty@{old}.service")

    failed, said = droplet.say("rollback previous octocat -")
    known = records.load(droplet.layout, old)
    droplet.systemd.accept(f"booty@{old}.service")
    code, _ = droplet.say("rollback previous octocat -")

    assert failed == ExitCode.FAILED
    assert "fix it there and run this again" in said
    assert known == before
    assert code == ExitCode.DONE
    assert droplet.layout.current() == old


@pytest.mark.parametrize(
    ("unit", "cause"),
    [
        ("booty-candidate@{sha}.service", "the candidate does not answer /health with booty@{sha}"),
        ("booty@{sha}.service", "passed as candidate but does not answer as booty@{sha} on the live socket"),
    ],
)
def test_a_release_that_is_unwell_leaves_the_old_one(
    droplet: DropletFolder, repository: Repository, old: str, unit: str, cause: str
) -> None:
    new = repository.commit()
    droplet.systemd.make_unwell(unit.format(sha=new))

    code, said = droplet.deploy(repository, new)

    assert code == ExitCode.FAILED
    assert cause.format(sha=new) in said
    known = records.load(droplet.layout, new)
    assert known is not None
    assert known.state == "bad"
    assert droplet.layout.current() == old
    assert droplet.systemd.running() == [f"booty@{old}.service"]


@pytest.mark.parametrize("unit", ["booty-candidate@{sha}.service", "booty@{sha}.service"])
def test_a_release_that_cannot_store_anything_is_not_bad_since_the_droplet_may_be_at_fault(
    droplet: DropletFolder, repository: Repository, old: str, unit: str
) -> None:
    new = repository.commit()
    droplet.systemd.make_unwell(unit.format(sha=new), status="ledger_unusable")

    code, _ = droplet.deploy(repository, new)

    assert code == ExitCode.FAILED
    assert records.load(droplet.layout, new) is None
    assert droplet.layout.current() == old


def test_a_release_that_is_unwell_while_the_old_one_is_too_is_not_bad(
    droplet: DropletFolder, repository: Repository, old: str
) -> None:
    new = repository.commit()
    droplet.systemd.make_unwell(f"booty-candidate@{new}.service")
    droplet.systemd.make_unwell(f"booty@{old}.service")

    code, _ = droplet.deploy(repository, new)

    assert code == ExitCode.FAILED
    assert records.load(droplet.layout, new) is None


@pytest.mark.parametrize(
    ("is_old_lost", "ended"), [(False, ExitCode.FAILED), (True, ExitCode.ROLLBACK_FAILED)], ids=["back", "lost"]
)
def test_a_release_that_is_unwell_once_it_is_alone_is_rolled_back(
    droplet: DropletFolder, repository: Repository, old: str, ended: ExitCode, *, is_old_lost: bool
) -> None:
    new = repository.commit()
    droplet.systemd.make_unwell_alone(f"booty@{new}.service")
    if is_old_lost:
        droplet.systemd.refuse(f"booty@{old}.service")

    code, said = droplet.deploy(repository, new)

    assert code == ended
    assert f"alone on the socket, booty@{new} stopped answering" in said or is_old_lost
    assert f"rolling back to {old}" in said
    assert ("cause:   rollback failed: " in said) is is_old_lost
    assert ("next:    page someone" in said) is is_old_lost
    assert droplet.layout.current() == old


@pytest.mark.parametrize("entry", [f"100644 blob {{}}\t{'n' * 256}\n", "120000 blob {}\tlink\n"], ids=["name", "link"])
def test_a_commit_with_a_name_that_is_too_long_for_the_disk_is_refused(
    droplet: DropletFolder, repository: Repository, old: str, entry: str
) -> None:
    (repository.folder / "long").write_text("n" * 5000)
    tree = repository.git("ls-tree", repository.commit()) + "\n" + entry.format(repository.git("hash-object", "long"))
    made = subprocess.run(
        ["git", "mktree"], cwd=repository.folder, input=tree, capture_output=True, text=True, check=True
    )
    new = repository.git("commit-tree", "-m", "long", made.stdout.strip())

    code, said = droplet.deploy(repository, new)

    assert code == ExitCode.BAD_UPLOAD
    assert f"commit {new} has a name or a link that is too long for the droplet" in said
    assert not [path for path in droplet.layout.releases.iterdir() if path.name != old]


@pytest.mark.parametrize("name", [".venv", ".venv.new"])
def test_a_commit_with_something_in_the_place_of_its_environment_is_refused(
    droplet: DropletFolder, repository: Repository, old: str, name: str
) -> None:
    new = repository.commit(files={name: "something"})

    code, said = droplet.deploy(repository, new)

    assert code == ExitCode.BAD_UPLOAD
    assert f"commit {new} has a {name} in git" in said
    assert droplet.layout.present() == [old]


def test_a_release_whose_health_nobody_can_read_is_rolled_back(
    droplet: DropletFolder, repository: Repository, old: str
) -> None:
    new = repository.commit()
    droplet.systemd.make_unwell_alone(f"booty@{new}.service", body=b"[" * 60_000)

    code, said = droplet.deploy(repository, new)

    known = records.load(droplet.layout, new)
    assert code == ExitCode.FAILED
    assert f"alone on the socket, booty@{new} stopped answering" in said
    assert known is not None
    assert known.state == "bad"
    assert droplet.layout.current() == old
    assert droplet.systemd.running() == [f"booty@{old}.service"]


def test_a_rollback_that_fails_once_it_is_alone_has_left_nothing(
    droplet: DropletFolder, repository: Repository, old: str
) -> None:
    new = repository.commit()
    droplet.deploy(repository, new)
    before = records.load(droplet.layout, new)
    droplet.systemd.make_unwell_alone(f"booty@{old}.service")

    code, _ = droplet.say("rollback previous octocat -")

    assert code == ExitCode.FAILED
    assert droplet.layout.current() == new
    assert records.load(droplet.layout, new) == before


def test_a_cutover_that_is_cancelled_just_after_the_switch_goes_back(
    droplet: DropletFolder, repository: Repository, old: str
) -> None:
    new = repository.commit()
    droplet.deploy(repository, new)
    droplet.say("rollback previous octocat -")

    def switched() -> None:
        droplet.layout.switch(new)
        raise Stopped(ExitCode.CANCELLED, "this deploy was cancelled", "look")

    with pytest.raises(Stopped):
        cutover.cut_over(droplet.layout, new, proven=switched)

    assert droplet.layout.current() == old
    assert droplet.systemd.running() == [f"booty@{old}.service"]


def test_a_deploy_that_assumed_another_release_is_refused(
    droplet: DropletFolder, repository: Repository, old: str
) -> None:
    new = repository.commit()

    code, said = droplet.say(f"deploy {new} {STRANGER} octocat -", repository.upload(new))

    assert code == ExitCode.REFUSED
    assert f"{old} is current now, not {STRANGER} as this deploy assumed" in said


def test_a_second_deploy_is_told_who_holds_the_lock(droplet: DropletFolder, repository: Repository, old: str) -> None:
    holder = {"verb": "deploy", "sha": STRANGER, "actor": "mona", "run": "-", "since": "10:00", "pid": os.getpid()}

    with droplet.layout.lock.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write(json.dumps(holder))
        lock.flush()
        code, said = droplet.deploy(repository, repository.commit())

    assert code == ExitCode.LOCKED
    assert f"cause:   locked: deploy {STRANGER} by mona since 10:00 (run -)" in said
    assert droplet.layout.current() == old


@pytest.mark.parametrize("upload", [b"#!/bin/sh\nid\n", b"\x1f\x8b\x08"])
def test_an_upload_of_something_else_is_refused(
    droplet: DropletFolder, repository: Repository, old: str, upload: bytes
) -> None:
    code, said = droplet.say(f"deploy {repository.commit()} {old} octocat -", upload)

    assert code == ExitCode.BAD_UPLOAD
    assert "is not what deploy.sh sends" in said


def test_an_upload_of_another_commit_is_refused(droplet: DropletFolder, repository: Repository, old: str) -> None:
    code, said = droplet.say(f"deploy {repository.commit()} {old} octocat -", repository.upload(old))

    assert code == ExitCode.BAD_UPLOAD
    assert "the upload is not commit " in said
    assert droplet.layout.present() == [old]


@pytest.mark.parametrize("missing", ["gunicorn.conf.py", "requirements.txt"])
def test_a_commit_that_is_not_a_release_is_refused(
    droplet: DropletFolder, repository: Repository, old: str, missing: str
) -> None:
    repository.git("rm", "--quiet", missing)
    new = repository.commit()

    code, said = droplet.deploy(repository, new)

    assert code == ExitCode.BAD_UPLOAD
    assert f"commit {new} has no {missing}" in said
    assert [path.name for path in droplet.layout.releases.iterdir()] == [old]


def test_there_is_nothing_to_roll_back_to_after_the_first_deploy(droplet: DropletFolder, old: str) -> None:
    code, said = droplet.say("rollback previous octocat -")
    named, answer = droplet.say(f"rollback {STRANGER} octocat -")

    assert (code, named) == (ExitCode.NO_SUCH_RELEASE, ExitCode.NO_SUCH_RELEASE)
    assert "no earlier verified release is kept" in said
    assert f"{STRANGER} is not among the kept, verified releases" in answer
    assert droplet.layout.current() == old


def test_what_serves_already_is_left_alone(droplet: DropletFolder, repository: Repository, old: str) -> None:
    assert droplet.deploy(repository, old)[0] == ExitCode.DONE
    assert "serves already; nothing to do" in droplet.say(f"rollback {old} octocat -")[1]


def test_five_verified_releases_are_kept_with_their_environments(
    droplet: DropletFolder, repository: Repository, old: str
) -> None:
    for minute in range(6):
        sha = f"{minute}" * 40
        droplet.layout.release(sha).mkdir()
        at = f"2020-01-01T10:0{minute}:00+00:00"
        records.save(droplet.layout, Record(sha=sha, state="verified", at=at, actor="octocat", run="-"))
    unused = droplet.layout.venvs / "unused"
    unused.mkdir()
    new = repository.commit()

    droplet.deploy(repository, new)

    assert droplet.layout.present() == sorted([new, old, "3" * 40, "4" * 40, "5" * 40])
    assert not unused.exists()


def test_a_release_that_lost_its_pointer_is_current_again(
    droplet: DropletFolder, repository: Repository, old: str
) -> None:
    (droplet.layout.root / "current").unlink()

    _, said = droplet.deploy(repository, repository.commit())

    assert f"note: `current` was lost; {old} serves and is verified, so it is current again" in said


def test_an_unwritable_droplet_ends_with_what_to_do(droplet: DropletFolder, repository: Repository, old: str) -> None:
    new = repository.commit()
    droplet.layout.releases.rename(droplet.layout.root / "moved")

    code, said = droplet.deploy(repository, new)

    assert code == ExitCode.FAILED
    assert "No such file or directory" in said
    assert f"serving: {old}" in said
    assert "next:    free disk space if that is the cause, else ./deploy.sh setup" in said


@contextmanager
def hung_up() -> Iterator[None]:
    """Have nobody at the other end of the output, as after a cut ssh."""
    before, (reader, writer) = os.dup(1), os.pipe()
    os.close(reader)
    os.dup2(writer, 1)
    os.close(writer)
    yield
    os.dup2(before, 1)
    os.close(before)


def test_what_nobody_waits_for_any_more_does_not_begin(
    droplet: DropletFolder, repository: Repository, old: str
) -> None:
    """Whoever ends it before its name is in the lock finds nothing to cancel, and can only hang up."""
    new = repository.commit()

    with hung_up():
        ends = [droplet.deploy(repository, new)[0], droplet.say("restart current octocat - 0")[0]]

    assert ends == [ExitCode.CANCELLED, ExitCode.CANCELLED]
    assert droplet.layout.current() == old
    assert lock.holder(droplet.layout) is None


@pytest.mark.parametrize("first", [signal.SIGINT, signal.SIGTERM])
def test_a_deploy_that_is_told_to_end_puts_things_in_order_undisturbed(
    droplet: DropletFolder, first: signal.Signals
) -> None:
    order: list[str] = []

    def deploy() -> None:
        with lock.held(droplet.layout, Request(verb="restart", actor="octocat"), now="now"):
            try:
                signal.raise_signal(first)
            finally:
                signal.raise_signal(signal.SIGINT)
                signal.raise_signal(signal.SIGTERM)
                order.append("put")

    with pytest.raises(Stopped) as stopped:
        deploy()

    assert (stopped.value.code, order) == (ExitCode.CANCELLED, ["put"])
