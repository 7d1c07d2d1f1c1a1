"""What `setup` leaves on a droplet: the files of the release that it comes from, and whatever people put there."""

from __future__ import annotations

import subprocess

import pytest
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
    timer = "/etc/systemd/system/booty-retired.timer"
    lines = (f"droplet/systemd/booty.socket {unit}", f"retired.timer {timer}", f"droplet/sudoers {PROGRAM}/retired.py")
    retired = "[Timer]\nOnBootSec=1d\nUnit=booty-settle@deploy.service\n[Install]\nWantedBy=timers.target\n"
    repository.commit(files={"deploy/manifest": with_lines(repository, *lines), "deploy/retired.timer": retired})
    set_up(droplet, repository)
    droplet.inside("systemctl", "enable", "--now", "--quiet", "booty-retired.timer")
    droplet.write(f"{PROGRAM}/retired.py", "edited by a person\n")
    droplet.write(f"{PROGRAM}/of_a_person.py", "put here by a person\n")
    repository.git("reset", "--quiet", "--hard", old)

    said = set_up(droplet, repository)

    assert f"removed   {unit}" in said
    assert f"removed   {timer}" in said
    assert "booty-retired" not in droplet.inside(
        "sh", "-c", "systemctl list-units --all; ls /etc/systemd/system/*.wants"
    )
    assert "1 files placed, 2 removed" in said  # placed: the record of what is installed
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


def asked(droplet: Droplet, address: str) -> str:
    return droplet.inside("curl", "-sS", "--max-time", "3", address)


@pytest.mark.usefixtures("old")
def test_setup_sends_the_pages_path_to_the_service_once_it_has_a_password(
    droplet: Droplet, repository: Repository
) -> None:
    link = "/etc/nginx/snippets/booty-page.d/page.conf"
    secrets = droplet.inside("cat", "/etc/booty/secrets.env") + "\n"
    droplet.write("/etc/booty/secrets.env", f"{secrets}OBSV_PAGE_PASSWORD=\n")
    assert "/observability/" not in set_up(droplet, repository)

    droplet.write("/etc/booty/secrets.env", f"{secrets}OBSV_PAGE_PASSWORD=open-sesame\n")
    assert "ready     /observability/" in set_up(droplet, repository)
    assert "unix:/run/booty.sock" in droplet.inside("cat", link)

    droplet.write("/etc/booty/secrets.env", secrets)
    set_up(droplet, repository)
    assert droplet.inside("ls", "/etc/nginx/snippets/booty-page.d") == ""
    assert droplet.status()["drift"] == []


def test_setup_leaves_nginx_with_what_is_on_disk(droplet: Droplet, repository: Repository, old: str) -> None:
    droplet.write("/etc/nginx/conf.d/aside.conf", "server { listen 8088; return 200 aside; }\n")

    said = set_up(droplet, repository)

    assert "0 files placed" in said
    assert "reloaded  nginx" in said
    assert asked(droplet, "http://localhost:8088/") == "aside"
    droplet.inside("rm", "/etc/nginx/conf.d/aside.conf")
    droplet.inside("systemctl", "stop", "nginx")
    assert "started   nginx" in set_up(droplet, repository)
    assert f"booty@{old}" in asked(droplet, "http://localhost/health")


def test_setup_says_so_when_nginx_refuses_what_is_on_disk(droplet: Droplet, repository: Repository, old: str) -> None:
    zone = "limit_req_zone {} zone=aside:1m rate=1r/s;\n"
    droplet.write("/etc/nginx/conf.d/aside.conf", zone.format("$binary_remote_addr"))
    set_up(droplet, repository)
    droplet.write("/etc/nginx/conf.d/aside.conf", zone.format("$host"))  # passes nginx -t, but not a reload

    refused = droplet.deploy_sh(repository, "setup", SERVER_NAME="localhost")

    droplet.inside("rm", "/etc/nginx/conf.d/aside.conf")
    assert refused.code == 1
    assert "nginx keeps the configuration that it had" in refused.output
    assert 'limit_req "aside" uses the "$host" key' in refused.output
    assert "reloaded  nginx" in set_up(droplet, repository)
    assert f"booty@{old}" in asked(droplet, "http://localhost/health")


def test_a_drop_in_of_a_person_is_drift_and_stays(droplet: Droplet, repository: Repository, old: str) -> None:
    drop_in = f"/etc/systemd/system/booty@{old}.service.d/memory.conf"
    droplet.write(drop_in, "[Service]\nMemoryMax=100M\n")

    said = set_up(droplet, repository)

    assert droplet.status()["drift"] == [drop_in]
    assert droplet.status()["drop_ins"] == [drop_in]
    assert f"drift:   {drop_in} changes a unit of this service, and setup leaves it" in droplet.ssh("status").output
    assert f"LEFT      {drop_in}: changes a unit" in said
    droplet.inside("rm", "-r", drop_in.rpartition("/")[0])
    assert "LEFT" not in set_up(droplet, repository)
    assert droplet.status()["drift"] == []


def test_setup_uses_the_persons_own_key_without_an_agent_from_any_folder(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    own = droplet.keys / ".ssh" / "id_ed25519"
    own.parent.mkdir(mode=0o700)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(own)], check=True)
    allowed = droplet.inside("cat", "/root/.ssh/authorized_keys")
    droplet.write("/root/.ssh/authorized_keys", own.with_suffix(".pub").read_text())

    done = subprocess.run(
        droplet.command(
            repository, "setup", SERVER_NAME="localhost", DEPLOY_SSH_KEY_FILE="deploy", HOME=str(droplet.keys)
        ),
        cwd=droplet.keys,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )

    droplet.write("/root/.ssh/authorized_keys", allowed)
    own.unlink()
    assert done.returncode == 0, done.stdout
    assert "0 files placed" in done.stdout
    assert "apt-get install certbot python3-certbot-nginx" in done.stdout
    assert droplet.settled(old)
