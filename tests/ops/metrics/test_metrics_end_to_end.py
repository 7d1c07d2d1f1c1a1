"""The metrics of a real service: several workers, one address, killed and started anew."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from support.sentry_events import body_of
from support.service import ROOT, Service, eventually
from support.webhook import ENVIRON

Scrape = Callable[[], dict[str, float]]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def alert(number: int, level: str = "error") -> bytes:
    event = {"project": 1, "issue_id": str(number), "event_id": f"{number:032x}", "level": level, "title": "Boom"}
    return body_of({"action": "triggered", "data": {"event": event}})


def scraped(connection: HTTPConnection) -> dict[str, float]:
    with closing(connection):
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
    return {
        f"{sample.name}{[*sample.labels.values()] or ''}": sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def over_tcp(port: int) -> Scrape:
    return lambda: scraped(HTTPConnection("127.0.0.1", port, timeout=10))


def over_a_socket(path: Path) -> Scrape:
    def scrape() -> dict[str, float]:
        with socket.socket(socket.AF_UNIX) as caller:
            caller.settimeout(10)
            caller.connect(str(path))
            connection = HTTPConnection("localhost")
            connection.sock = caller
            return scraped(connection)

    return scrape


def answers(scrape: Scrape) -> bool:
    try:
        return bool(scrape())
    except OSError:
        return False


def serving(service: Service, at: int) -> int:
    """Return the worker that took the address for the `at`th time."""
    assert eventually(lambda: len(service.events("metrics_served")) > at)
    inode = {line.split()[9] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if _is_of(line, service)}
    return next(pid for pid in service.workers() if inode & _sockets(pid))


def _is_of(line: str, service: Service) -> bool:
    port = int(service.environ["OBSV_METRICS_BIND"].rpartition(":")[2])
    return line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "0A"


def _sockets(pid: int) -> set[str]:
    links = (str(path.readlink()) for path in Path(f"/proc/{pid}/fd").iterdir())
    return {link.removeprefix("socket:[").removesuffix("]") for link in links if link.startswith("socket:")}


def test_the_counts_of_all_workers_are_exact_at_once_and_over_restarts(tmp_path: Path) -> None:
    port = free_port()
    environ = {"OBSV_METRICS_BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": "3"}
    scrape = over_tcp(port)
    for turn in range(1, 3):
        with Service(tmp_path / "state", environ) as service, ThreadPoolExecutor(8) as callers:
            bodies = [*(alert(number) for number in range(20)), *(alert(number, "debug") for number in range(20))]
            list(callers.map(service.post, bodies))
            service.post(b"{}", headers={"Sentry-Hook-Signature": "0" * 64})
            assert eventually(lambda: answers(scrape))
            told = scrape()

            assert told["booty_webhooks_total['accepted']"] == 20
            assert told["booty_webhooks_total['cooldown']"] == 20 * (turn - 1)
            assert told["booty_webhooks_total['below_severity']"] == 20 * turn
            assert told["booty_webhooks_total['invalid_signature']"] == turn
            assert eventually(lambda: scrape()["booty_deliveries_total['filed']"] == 20, within=60)
            assert scrape()["booty_owed"] == 0


def test_another_worker_serves_when_the_one_that_did_is_killed(tmp_path: Path) -> None:
    port = free_port()
    scrape = over_tcp(port)
    with Service(tmp_path / "state", {"OBSV_METRICS_BIND": f"127.0.0.1:{port}"}) as service:
        service.post(alert(1))
        first = serving(service, 0)
        scrape()
        os.kill(first, signal.SIGKILL)

        assert eventually(lambda: answers(scrape), within=10)
        assert scrape()["booty_webhooks_total['accepted']"] == 1
        assert serving(service, 1) != first


def test_a_socket_that_a_killed_service_left_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "metrics.sock"
    service = Service(tmp_path / "state", {"OBSV_METRICS_BIND": f"unix:{path}"})
    with service:
        assert eventually(lambda: answers(over_a_socket(path)))
        service.kill()
        service.start()
        assert eventually(lambda: answers(over_a_socket(path)))
        service.post(alert(1))

        assert over_a_socket(path)()["booty_webhooks_total['accepted']"] == 1
    assert not path.exists()


@pytest.mark.parametrize("path", ["/", "/metrics/../x", "/health"])
def test_nothing_else_is_served_there(tmp_path: Path, path: str) -> None:
    port = free_port()
    with Service(tmp_path / "state", {"OBSV_METRICS_BIND": f"127.0.0.1:{port}"}):
        assert eventually(lambda: answers(over_tcp(port)))
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", path)

        assert connection.getresponse().status == 404
        connection.close()


def test_an_address_that_cannot_be_had_is_said_once_and_costs_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "metrics.sock"
    path.write_text("no socket")
    with Service(tmp_path / "state", {"OBSV_METRICS_BIND": f"unix:{path}", "WEB_CONCURRENCY": "1"}) as service:
        assert eventually(lambda: bool(service.events("metrics_not_served")))

        assert service.post(alert(1)).status == 202
        assert path.read_text() == "no socket"


@pytest.mark.parametrize("wanted", [{}, {"OBSV_METRICS_BIND": "127.0.0.1:9464"}])
def test_the_library_is_not_imported_before_it_is_needed(tmp_path: Path, wanted: dict[str, str]) -> None:
    code = "import sys, booty.wsgi; booty.wsgi.create_app(has_hooks=True); print('prometheus_client' in sys.modules)"
    environ = {"PYTHONPATH": str(ROOT), "BOOTY_STATE_DIR": str(tmp_path / "state")} | ENVIRON | wanted
    said = subprocess.check_output([sys.executable, "-c", code], env=environ, stderr=subprocess.DEVNULL)

    assert said.split() == [b"False"]
