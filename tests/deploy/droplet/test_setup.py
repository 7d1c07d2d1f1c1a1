"""What `setup` leaves on a droplet: the files of the release that it comes from, and whatever people put there."""

from __future__ import annotations

from support.throwaway.droplet import Droplet
from support.throwaway.repository import Repository

PROGRAM = "/usr/local/lib/booty-release/booty_release"


def set_up(droplet: Droplet, repository: Repository) -> str:
    done = droplet.deploy_sh(repository, "setup", SERVER_NAME="localhost")
    assert done.code == 0, done.output
    return done.output


def with_lines(repository: Repository, *lines: str) -> str:
    """Return the manifest with more lines."""
    return (repository.folder / "deploy/manifest").read_text() + "".join(f"{line}\n" for line in lines)


def test_setup_removes_what_the_release_no_longer_has(droplet: Droplet, repository: Repository, old: str) -> None:
    unit = "/etc/systemd/system/booty-retired@.service"
    manifest = with_lines(repository, f"droplet/systemd/booty.socket {unit}", f"droplet/sudoers {PROGRAM}/retired.py")
    repository.commit(files={"deploy/manifest": manifest})
    set_up(droplet, repository)
    droplet.write(f"{PROGRAM}/retired.py", "edited by a person\n")
    droplet.write(f"{PROGRAM}/of_a_person.py", "put here by a person\n")
    repository.git("reset", "--quiet", "--hard", old)

    said = set_up(droplet, repository)

    assert f"removed   {unit}" in said
    assert "1 files placed, 1 removed" in said  # placed: the record of what is installed
    assert f"LEFT      {PROGRAM}/retired.py: edited since setup placed it" in said
    assert droplet.inside("ls", unit, check=False) == ""
    assert droplet.inside("cat", f"{PROGRAM}/retired.py", f"{PROGRAM}/of_a_person.py").count("by a person") == 2
    again = set_up(droplet, repository)
    assert "0 files placed, 0 removed" in again
    assert "LEFT" not in again
    assert droplet.settled(old)


def test_the_manifest_may_name_a_folder(droplet: Droplet, repository: Repository, old: str) -> None:
    assert old
    kept = [line for line in with_lines(repository).splitlines() if f"{PROGRAM}/" not in line]
    lines = "\n".join([*kept, f"droplet/booty_release/ {PROGRAM}/", ""])
    repository.commit(files={"deploy/manifest": lines, "deploy/droplet/booty_release/fresh.py": "# of this release\n"})

    said = set_up(droplet, repository)

    assert f"placed    {PROGRAM}/fresh.py" in said
    assert f"unchanged {PROGRAM}/cli.py" in said
    assert "0 removed" in said
    assert droplet.deploy_sh(repository, "deploy").code == 0
    assert droplet.status()["drift"] == []
    droplet.write(f"{PROGRAM}/fresh.py", "# edited\n")
    assert droplet.status()["drift"] == [f"{PROGRAM}/fresh.py"]
    assert f"placed    {PROGRAM}/fresh.py" in set_up(droplet, repository)
    assert droplet.status()["drift"] == []
