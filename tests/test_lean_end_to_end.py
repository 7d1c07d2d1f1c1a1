"""A service at work, with all that can be switched on, loads nothing that only the tests need."""

from __future__ import annotations

import os
import socket
import time
from base64 import b64encode
from contextlib import closing
from http.client import HTTPConnection
from importlib import import_module
from pathlib import Path

from support.app_stand_in import AppRepositories
from support.fault_stories import EVENT, alert, filed, fingerprint, is_all_filed
from support.sentry_events import PAYLOADS, PROJECT, body_of, delivered
from support.sentry_stand_in import SentryStandIn
from support.service import PATIENCE, Service, eventually

DEAD = "127.0.0.1:9"
"""Where nobody listens."""
PASSWORD = "eight-letters"
SEEN = f"{PROJECT}:99"
"""A problem of which no alert comes."""
LIBRARY = Path(import_module("pydantic_core._pydantic_core").__file__ or "").name
"""What is in the memory of whoever imports pydantic."""


def mapped(process: int) -> set[str]:
    """Return the names of the files that are in a process's memory."""
    lines = Path(f"/proc/{process}/maps").read_text().splitlines()
    return {line.rpartition("/")[2] for line in lines}


def odd_bodies() -> list[bytes]:
    """Return bodies in which next to nothing fits."""
    events: tuple[object, ...] = (
        {"issue_id": {}, "level": []},
        {"issue_id": 5, "exception": {"values": 7}, "tags": [1, [2]]},
        [],
        None,
    )
    return [body_of({"action": 7, "data": {"event": event}}) for event in events]


def shows(service: Service, metrics: Path) -> bool:
    """Return whether the operator's page and the metrics are served."""
    password = b64encode(f":{PASSWORD}".encode()).decode()
    with (
        closing(HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE)) as page,
        socket.socket(socket.AF_UNIX) as scraper,
    ):
        page.request("GET", "/observability/", headers={"Authorization": f"Basic {password}"})
        scraper.connect(str(metrics))
        scraper.sendall(b"GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        return page.getresponse().status == 200 and b" 200 " in scraper.recv(100)


def test_no_process_of_a_service_at_work_has_pydantic_loaded(tmp_path: Path) -> None:
    (tmp_path / "routes.toml").write_text('[[route]]\nproject = "43"\nrepository = "other/app"\n')
    more = {
        "OBSV_ROUTES": str(tmp_path / "routes.toml"),
        "OBSV_LOCALS": "1",
        "OBSV_METRICS_BIND": f"unix:{tmp_path}/metrics",
        "OBSV_PAGE_PASSWORD": PASSWORD,
        "OBSV_RECONCILE": "all",
        "OBSV_HEARTBEAT_URL": f"http://{DEAD}/ping",
        "SENTRY_DSN": f"http://key@{DEAD}/1",
    }
    with (
        AppRepositories("acme/shop", "other/app") as github,
        SentryStandIn() as sentry,
        Service(tmp_path / "state", github.environ | sentry.environ | more) as service,
    ):
        sentry.see(99, first=time.time() - 60)
        service.post(alert(1))
        service.post(body_of(delivered(EVENT, issue="2", project=43)))
        for path in sorted(PAYLOADS.glob("*.json")):
            service.post(path.read_bytes(), resource=path.name.partition(".")[0])
        for body in odd_bodies():
            service.post(body)
        assert is_all_filed(service)
        assert eventually(lambda: SEEN in filed(github.of["acme/shop"].issues))
        assert shows(service, tmp_path / "metrics")
        assert service.process is not None
        loaded = [mapped(process) for process in (service.process.pid, *service.workers())]

    assert fingerprint(1) in filed(github.of["acme/shop"].issues)
    assert filed(github.of["other/app"].issues) == {"43:2": 1}
    assert LIBRARY in mapped(os.getpid())
    assert [LIBRARY in names for names in loaded] == [False, False, False]
