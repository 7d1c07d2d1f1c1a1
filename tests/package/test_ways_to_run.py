"""The ways to run the service that README shows: each by README's own lines, under the real server, for one alert."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from support.pages import blocks, page, section
from support.sentry_events import body_of
from support.service import ROOT, Answer, Service, eventually

from booty.observability.sentry.signature import sign

WAYS = section(page("README.md"), "Choose a way to run it")
SETTINGS = blocks(WAYS, "sh")[0]
SECRET = "the-client-secret-of-the-integration"
ALERT = {"issue_id": "7", "level": "error", "title": "It broke"}
SHOP = """
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/json")])
    return [b'{"shop": "open"}']
"""
FLASK_SHOP = """
@app.get("/cart")
def cart():
    return {"shop": "open"}
"""
OPEN = Answer(200, {"shop": "open"})


def way(title: str) -> str:
    """Return what README says of one way to run it."""
    (found,) = [part for part in WAYS.split("\n**") if part.partition(". ")[2].startswith(f"{title}**")]
    return found


class AsShown(Service):
    """A server, started by README's own line in a folder and with the programs of an environment of its own."""

    def __init__(self, folder: Path, programs: Path, line: str, environ: dict[str, str] | None = None) -> None:
        super().__init__(folder / "var")
        self.folder = folder
        self._line = line
        self.environ = {"PATH": f"{programs}:/usr/bin:/bin", "HOME": str(folder), **(environ or {})}

    def command(self, listener: int) -> list[str]:
        """Return README's settings with its line; the socket is told as the servers take it from the environment."""
        self.environ["GUNICORN_CMD_ARGS"] = f"--bind fd://{listener} --no-control-socket"
        self.environ["UVICORN_FD"] = str(listener)
        return ["bash", "-c", f"set -e\n{SETTINGS}\n{self._line}"]

    def files_an_alert(self) -> bool:
        """Send a signed alert; return whether it becomes a Markdown file where README says."""
        body = body_of({"action": "triggered", "data": {"event": ALERT}})
        answer = self.post(body, headers={"Sentry-Hook-Signature": sign(body, SECRET)})
        issues = self.state / "issues"
        return answer.status == 202 and eventually(lambda: "7" in "".join(map(Path.read_text, issues.glob("1.md"))))


@pytest.fixture
def programs(environment: Path) -> Path:
    return environment / "bin"


def test_standalone_in_a_clone(clone: Path, programs: Path) -> None:
    (line,) = blocks(way("Standalone"), "sh")

    with AsShown(clone, programs, line) as service:
        assert service.files_an_alert()
        assert service.get("/health").content["status"] == "ok"


def test_in_a_flask_application(programs: Path, tmp_path: Path) -> None:
    said = way("In your Flask application")
    (code,), (install, line) = blocks(said, "python"), blocks(said, "sh")
    (tmp_path / "shop.py").write_text(code + FLASK_SHOP)

    with AsShown(tmp_path, programs, line) as service:
        assert service.files_an_alert()
        assert service.get("/cart") == OPEN

    assert install == "pip install .\n"


def test_beside_a_wsgi_application(programs: Path, tmp_path: Path) -> None:
    (lines,) = blocks(way("Beside a WSGI application"), "sh")
    install, line = lines.splitlines()
    (tmp_path / "shop.py").write_text(SHOP)

    with AsShown(tmp_path, programs, line) as service:
        assert service.files_an_alert()
        assert service.get("/cart") == service.get("/webhooks/of-the-shop") == OPEN

    assert install == "pip install ."


def test_inside_fastapi(tmp_path: Path) -> None:
    said = way("Inside FastAPI")
    (code,), (install, line) = blocks(said, "python"), blocks(said, "sh")
    before, made, after = code.partition("app = FastAPI()\n")
    (tmp_path / "shop.py").write_text(before + made + FLASK_SHOP + after)

    with AsShown(tmp_path, Path(sys.executable).parent, line, {"PYTHONPATH": str(ROOT)}) as service:
        assert service.files_an_alert()
        assert service.get("/cart") == OPEN
        assert service.get("/health").content["status"] == "ok"

    assert all(version(name) for name in install.removeprefix("pip install . ").split())
