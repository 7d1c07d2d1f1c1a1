"""Deploys and rollbacks as they should go, under load, on a droplet of the test's own."""

from __future__ import annotations

import json

import pytest
from support.throwaway.droplet import Droplet, until
from support.throwaway.real_service import THROUGH_NGINX, THROUGH_THE_SOCKET
from support.throwaway.repository import Repository

OF_BOOTY_ITSELF = ("http://127.0.0.1:80", "/some/route/of/its/own")
BOOTY_ITSELF = """\
import http.server, os, socketserver
class Booty(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        said = b'{"release":"booty itself"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)
    def address_string(self):
        return "nginx"
class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads, request_queue_size = True, 128
server = Server("/opt/booty/booty.sock", Booty)
os.chmod("/opt/booty/booty.sock", 0o666)
server.serve_forever()
"""


def start_booty_itself(droplet: Droplet) -> None:
    droplet.write("/opt/booty/main.py", BOOTY_ITSELF)
    droplet.inside("systemd-run", "--unit=booty", "/usr/bin/python3", "/opt/booty/main.py")
    droplet.inside("sh", "-c", "until [ -S /opt/booty/booty.sock ]; do :; done")


def test_three_deploys_and_a_rollback_lose_no_request_and_delay_none_by_a_second(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    start_booty_itself(droplet)
    releases = [old]

    with droplet.load(THROUGH_NGINX, THROUGH_THE_SOCKET, OF_BOOTY_ITSELF) as load:
        for _ in range(3):
            releases.append(repository.commit())
            deployed = droplet.deploy_sh(repository, "deploy")
            assert deployed.code == 0, deployed.output
            assert droplet.answers() == f"booty@{releases[-1]}"
        rolled_back = droplet.deploy_sh(repository, "rollback")

    assert rolled_back.code == 0, rolled_back.output
    assert droplet.answers() == f"booty@{releases[-2]}"
    assert load.failed == []
    assert load.slowest < 1.0
    assert load.sent > 300
    assert load.releases == sorted([*(f"booty@{sha}" for sha in releases), "booty itself"])
    assert droplet.settled(releases[-2])


def test_setup_a_second_time_changes_nothing(droplet: Droplet, repository: Repository, old: str) -> None:
    again = droplet.deploy_sh(repository, "setup", SERVER_NAME="localhost")

    assert again.code == 0, again.output
    assert "0 files placed" in again.output
    assert "\nplaced" not in again.output
    assert droplet.answers() == f"booty@{old}"


def test_a_deploy_of_code_alone_installs_nothing_and_a_rollback_goes_back(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    repository.commit()

    deployed = droplet.deploy_sh(repository, "deploy")
    rolled_back = droplet.deploy_sh(repository, "rollback")

    assert (deployed.code, rolled_back.code) == (0, 0), deployed.output + rolled_back.output
    assert "install the locked dependencies" not in deployed.output
    assert droplet.current() == old


def test_a_rollback_passes_over_the_release_it_left_and_can_go_to_a_named_one(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    second, third = repository.commit(), repository.commit()
    for sha in (second, third):
        assert droplet.deploy_sh(repository, "deploy", sha).code == 0
    assert droplet.deploy_sh(repository, "rollback").code == 0
    assert droplet.current() == second

    named = droplet.deploy_sh(repository, "rollback", old)

    assert named.code == 0, named.output
    left = {entry["sha"]: entry["state"] for entry in json.loads(droplet.ssh("releases --json").output)}
    assert (left[second], left[third], left[old]) == ("left", "left", "verified")
    assert droplet.deploy_sh(repository, "rollback", third).code == 0
    assert droplet.current() == third


def test_five_verified_releases_stay_and_never_less_than_the_current_one(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    shas = [repository.commit() for _ in range(6)]
    for sha in shas:
        assert droplet.deploy_sh(repository, "deploy", sha).code == 0

    kept = droplet.inside("ls", "/srv/booty/releases").split()

    assert sorted(kept) == sorted(shas[-5:])
    assert len(droplet.inside("ls", "/srv/booty/venvs").split()) == 1
    assert droplet.deploy_sh(repository, "rollback", shas[1]).code == 0
    assert droplet.deploy_sh(repository, "rollback", old).code == 66


def test_a_request_under_way_is_answered_by_the_release_that_drains(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    new = repository.commit()

    with droplet.load(("unix:/run/booty.sock", "/slow")) as load:
        assert droplet.deploy_sh(repository, "deploy").code == 0

    assert load.failed == []
    assert load.releases == sorted([f"booty@{old}", f"booty@{new}"])


def test_after_a_reboot_the_current_release_serves_without_being_asked(droplet: Droplet, old: str) -> None:
    droplet.crash()
    droplet.boot()

    until(lambda: droplet.settled(old))
    assert droplet.answers() == f"booty@{old}"


def test_a_caller_who_finds_nobody_wakes_the_current_release(droplet: Droplet, old: str) -> None:
    droplet.inside("systemctl", "stop", f"booty@{old}.service")

    assert droplet.answers() == f"booty@{old}"


def test_a_dry_run_says_what_would_change_and_changes_nothing(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    new = repository.commit()

    planned = droplet.deploy_sh(repository, "deploy", "--dry-run")

    assert planned.code == 0
    assert f"serves now:   {old}" in planned.output
    assert f"would serve:  {new}" in planned.output
    assert "dependencies: shared with a kept release" in planned.output
    assert f"{new[:7]} A Developer: A service that works" in planned.output
    assert new not in droplet.inside("ls", "/srv/booty/releases")


def test_status_says_what_serves_since_when_and_through_whom(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    new = repository.commit()
    assert old != new
    run = "https://github.com/owner/repo/actions/runs/1"
    assert droplet.deploy_sh(repository, "deploy", DEPLOY_ACTOR="mona", DEPLOY_RUN_URL=run).code == 0

    status = droplet.status()

    assert (status["current"], status["healthy"], status["actor"], status["run"]) == (new, True, "mona", run)
    assert (status["lock"], status["drift"]) == (None, [])
    assert status["units"] == [f"booty@{new}.service"]


def test_the_public_address_is_asked_too_and_a_release_it_does_not_show_is_taken_back(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    new = repository.commit()
    droplet.inside("mv", "/etc/nginx/sites-enabled/booty", "/root/booty-site")
    droplet.inside("systemctl", "reload", "nginx")
    public = {"SERVER_NAME": "localhost", "HEALTH_SCHEME": "http", "HEALTH_PATIENCE_SECONDS": "2"}
    hidden = droplet.deploy_sh(repository, "deploy", **public)
    droplet.inside("mv", "/root/booty-site", "/etc/nginx/sites-enabled/booty")
    droplet.inside("systemctl", "reload", "nginx")
    assert hidden.code == 1
    assert f"was rolled back to {old}" in hidden.output
    assert droplet.current() == old

    shown = droplet.deploy_sh(repository, "deploy", new, **public)

    assert shown.code == 0, shown.output
    assert f"public: http://localhost/health shows booty@{new}" in shown.output


def test_several_hosts_are_done_in_turn_up_to_the_first_failure(
    droplet: Droplet, repository: Repository, old: str
) -> None:
    repository.commit()
    assert old

    done = droplet.deploy_sh(repository, "deploy", DEPLOY_HOST="127.0.0.1, 127.0.0.2 127.0.0.3")

    assert done.code == 255
    assert "live: booty@" in done.output
    assert "deploy failed on 127.0.0.2 (exit 255); not reached: 127.0.0.3" in done.output
    kept = droplet.current()
    repository.commit()
    back = droplet.deploy_sh(repository, "deploy", "--rollback-all", DEPLOY_HOST="127.0.0.1 127.0.0.2")
    assert back.code == 255
    assert f"live: booty@{kept}" in back.output
    assert droplet.settled(kept)


UNKNOWN_CA = "req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -keyout /root/aside.key -out /root/aside.crt"
ASIDE = """\
server { listen 8443 ssl; ssl_certificate /root/aside.crt; ssl_certificate_key /root/aside.key; return 200 aside; }
server { listen 8089; return 403 "this proxy allows nothing"; }
"""


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"HEALTH_SCHEME": "https", "SERVER_NAME": "localhost:8443"}, "curl: (60)"),
        ({"HEALTH_SCHEME": "http", "http_proxy": "http://127.0.0.1:9"}, "curl: (7)"),
        ({"HEALTH_SCHEME": "http", "http_proxy": "http://127.0.0.1:8089"}, "this proxy allows nothing"),
    ],
    ids=["unknown CA", "no proxy there", "a proxy that refuses"],
)
def test_what_cannot_be_seen_from_here_is_not_taken_back(
    droplet: Droplet, repository: Repository, old: str, settings: dict[str, str], words: str
) -> None:
    new = repository.commit()
    assert old != new
    droplet.inside("openssl", *UNKNOWN_CA.split())
    droplet.write("/etc/nginx/conf.d/aside.conf", ASIDE)
    droplet.inside("systemctl", "reload", "nginx")

    deployed = droplet.deploy_sh(
        repository, "deploy", **{"SERVER_NAME": "localhost", "HEALTH_PATIENCE_SECONDS": "2", **settings}
    )

    droplet.inside("rm", "/etc/nginx/conf.d/aside.conf")
    droplet.inside("systemctl", "reload", "nginx")
    assert deployed.code == 3, deployed.output
    assert words in deployed.output
    assert "look from elsewhere" in deployed.output
    assert droplet.settled(new)
