"""An ASGI application on a socket of its own, and the service on another, behind nginx with the site of a droplet."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.pages import blocks, page, section
from support.sentry_events import body_of
from support.service import ROOT, SECRET, Service, eventually

from booty.observability.sentry.signature import sign

SHOP = """
from fastapi import FastAPI

app = FastAPI()


@app.get("/cart")
def cart():
    return {"shop": "open"}
"""
NGINX = """
user root;
daemon off;
pid nginx.pid;
events {}
http {
    access_log off;
    client_body_temp_path of-nginx; proxy_temp_path of-nginx;
    fastcgi_temp_path of-nginx; uwsgi_temp_path of-nginx; scgi_temp_path of-nginx;
    include limits.conf;
    include site.conf;
}
"""


@contextmanager
def running(*command: str, folder: Path) -> Iterator[None]:
    """Run a server as long as the context lasts."""
    with (folder / "servers.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def set_up_nginx(folder: Path, *, service: Service, shop: Path, front: Path, has_page: bool = False) -> None:
    """Fill in the droplet's site as `setup` does, with these sockets instead of a droplet's."""
    templates = ROOT / "deploy" / "droplet" / "nginx"
    site = (templates / "site.conf").read_text().replace("listen [::]:80;", "").replace("80;", f"unix:{front};", 1)
    ours = (templates / "booty-observability.conf").read_text()
    (folder / "snippets").mkdir()
    for name, text in {
        "nginx.conf": NGINX,
        "limits.conf": (templates / "booty-limits.conf").read_text(),
        "site.conf": site.replace("@SERVER_NAME@", "_").replace("@BOOTY_UPSTREAM@", f"http://unix:{shop}"),
        "snippets/booty-observability.conf": ours.replace("unix:/run/booty.sock", f"127.0.0.1:{service.port}"),
        "proxy_params": Path("/etc/nginx/proxy_params").read_text(),
    }.items():
        (folder / name).write_text(text)
    if has_page:
        place = folder / "snippets" / "booty-page.d" / "page.conf"
        place.parent.mkdir()
        its = (templates / "booty-page.conf").read_text()
        place.write_text(its.replace("unix:/run/booty.sock", f"127.0.0.1:{service.port}"))


def ask(front: Path, path: str, *words: str) -> str:
    """Return the status and the body that nginx answers with."""
    command = ["curl", "-sS", "--unix-socket", str(front), "-w", " %{http_code}", *words, f"http://localhost{path}"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_nginx_sends_the_webhook_to_the_service_and_all_else_to_the_application(tmp_path: Path) -> None:
    (line,) = blocks(section(page("docs/hosting.md"), "Beside an ASGI application"), "sh")
    shop, front = tmp_path / "shop.sock", tmp_path / "front.sock"
    (tmp_path / "shop.py").write_text(SHOP)
    service = Service(tmp_path / "state")
    set_up_nginx(tmp_path, service=service, shop=shop, front=front)
    uvicorn = line.replace("/opt/booty/booty.sock", str(shop)).split()
    body = body_of({"action": "triggered", "data": {"event": {"issue_id": "7", "level": "error"}}})
    (tmp_path / "body").write_bytes(body)
    signed = ("-H", f"Sentry-Hook-Signature: {sign(body, SECRET)}", "-H", "Sentry-Hook-Resource: event_alert")

    with (
        service,
        running(str(Path(sys.executable).parent / uvicorn[0]), *uvicorn[1:], folder=tmp_path),
        running("/usr/sbin/nginx", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"), folder=tmp_path),
    ):
        assert eventually(lambda: shop.exists() and front.exists())
        accepted = ask(front, "/webhooks/sentry", "--data-binary", f"@{tmp_path}/body", *signed)
        cart, health, missing = (ask(front, path) for path in ("/cart", "/health", "/webhooks/of-the-shop"))
        assert accepted.endswith(" 202"), accepted
        assert eventually((service.state / "issues" / "1.md").exists)

    assert accepted == '{"fingerprint":"unknown:7","status":"accepted"}\n 202'
    assert cart == '{"shop":"open"} 200'
    assert health == '{"detail":"alerts are stored and delivered","release":null,"status":"ok"}\n 200'
    assert missing == '{"detail":"Not Found"} 404'


@pytest.mark.parametrize("answer", [" 404", " 401"])
def test_the_pages_path_is_the_applications_until_the_page_is_on(tmp_path: Path, answer: str) -> None:
    has_page = answer == " 401"
    shop, front = tmp_path / "shop.sock", tmp_path / "front.sock"
    (tmp_path / "shop.py").write_text(SHOP)
    service = Service(
        tmp_path / "state", ({"OBSV_PAGE_PASSWORD": "open sesame"} if has_page else {}) | {"WEB_CONCURRENCY": "1"}
    )
    set_up_nginx(tmp_path, service=service, shop=shop, front=front, has_page=has_page)

    with (
        service,
        running(str(Path(sys.executable).parent / "uvicorn"), "--uds", str(shop), "shop:app", folder=tmp_path),
        running("/usr/sbin/nginx", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"), folder=tmp_path),
    ):
        assert eventually(lambda: shop.exists() and front.exists())
        asked = [ask(front, f"/observability{end}") for end in ("", "/", "/more")]
        known = ask(front, "/observability/", "-u", "me:open sesame")
        wrong = [ask(front, "/observability/", "-u", "me:guessed")[-4:] for _ in range(12)]

    assert [each[-4:] for each in asked] == [answer, answer, " 404"]
    assert known.endswith(" 200") is has_page
    assert (" 429" in wrong) is has_page
