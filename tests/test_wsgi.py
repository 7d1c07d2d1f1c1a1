"""The shim: what goes to the webhook, what goes to the app beside it, and what refuses to start."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from booty.observability.sentry.signature import sign
from booty.wsgi import EX_CONFIG, create_app

ROOT = Path(__file__).parents[1]
SECRET = "hush-hush-hush-hush"
SHOP = '''
"""An app that says what it was asked."""
import json

raise_at_import = None

def app(environ, start_response):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
    seen = [environ["REQUEST_METHOD"], environ["SCRIPT_NAME"], environ["PATH_INFO"], environ["QUERY_STRING"], body]
    start_response("200 OK", [("Content-Type", "application/json"), ("X-Shop", "yes")])
    return [json.dumps(seen).encode()]

class Wsgi:
    """An app that is an object, as Flask's are."""
    def __call__(self, environ, start_response):
        return app(environ, start_response)

class Asgi:
    """An app that is an object, as FastAPI's are."""
    async def __call__(self, scope, receive, send):
        raise AssertionError

async def asgi(scope, receive, send):
    raise AssertionError

class Holder:
    inner = Wsgi()

def create_app(debug=False):
    return app

wsgi, fastapi, number = Wsgi(), Asgi(), 7
'''


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Set what the service needs, and put modules for BOOTY_APP on the path."""
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "a_shop.py").write_text(SHOP)
    (modules / "lacks_a_package.py").write_text("import not_installed_anywhere\n")
    (modules / "is_broken.py").write_text("raise RuntimeError('no database')\n")
    monkeypatch.syspath_prepend(modules)
    monkeypatch.setenv("SENTRY_WEBHOOK_SECRET", SECRET)
    monkeypatch.setenv("TARGET_REPO_URL", "acme/shop")
    monkeypatch.setenv("BOOTY_CANDIDATE", "1")
    monkeypatch.setenv("BOOTY_PREVIEW", "1")
    monkeypatch.setenv("BOOTY_STATE_DIR", str(tmp_path / "state"))
    yield monkeypatch
    for name in ("a_shop", "lacks_a_package", "is_broken"):
        sys.modules.pop(name, None)


def refusal(capsys: pytest.CaptureFixture[str]) -> str:
    """Return what is said on stderr when the service must not start."""
    with pytest.raises(SystemExit) as stop:
        create_app()
    assert stop.value.code == EX_CONFIG
    said: str = capsys.readouterr().err
    return said


def test_serves_the_webhook_and_health() -> None:
    client = Client(create_app())
    body = b'{"action":"triggered","data":{"event":{"issue_id":"1"}}}'

    accepted = client.post("/webhooks/sentry", data=body, headers={"Sentry-Hook-Signature": sign(body, SECRET)})

    assert accepted.status_code == 202
    assert client.get("/health").status_code == 200
    assert client.get("/").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/", "/orders/7", "/webhooks/github", "/webhooks", "/webhooks/sentry/more", "/health/deep", "/webhooks//sentry"],
)
def test_the_app_beside_gets_every_other_path_unchanged(path: str, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("BOOTY_APP", "a_shop:app")

    response = Client(create_app()).put(f"{path}?a=b%20c", data=b"body")

    assert response.headers["X-Shop"] == "yes"
    assert response.get_json() == ["PUT", "", path, "a=b%20c", "body"]


@pytest.mark.parametrize("path", ["/webhooks/sentry", "/webhooks/sentry/", "//webhooks/sentry", "/health", "/health/"])
def test_the_app_beside_never_sees_our_own_paths(path: str, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("BOOTY_APP", "a_shop:app")

    response = Client(create_app()).delete("/", environ_overrides={"PATH_INFO": path})

    assert response.status_code == 405
    assert "X-Shop" not in response.headers


@pytest.mark.parametrize("path", ["/observability", "/observability/", "/observability/more"])
def test_the_app_beside_gets_the_pages_path_too_unless_the_page_is_on(
    path: str, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("BOOTY_APP", "a_shop:app")
    assert Client(create_app()).get(path).get_json()[2] == path

    environment.setenv("OBSV_PAGE_PASSWORD", "open sesame")
    answered = Client(create_app()).get(path)

    assert answered.status_code == (200 if path.endswith("more") else 401)
    assert ("X-Shop" in answered.headers) is path.endswith("more")


@pytest.mark.parametrize("name", ["a_shop:wsgi", "a_shop:Holder.inner"])
def test_the_app_beside_may_be_an_object_or_an_attribute_of_one(name: str, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("BOOTY_APP", name)

    assert Client(create_app()).get("/").headers["X-Shop"] == "yes"


@pytest.mark.parametrize("name", ["a_shop:asgi", "a_shop:fastapi"])
def test_an_asgi_app_is_refused_with_the_two_ways_that_work(
    name: str, environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("BOOTY_APP", name)

    said = refusal(capsys)

    assert f"BOOTY_APP: '{name}' is an ASGI application, not a WSGI one" in said
    assert "nginx sends it the rest" in said
    assert "app.mount('/', a2wsgi.WSGIMiddleware(booty.wsgi.create_app()))" in said


@pytest.mark.parametrize("name", ["a_shop:create_app", "a_shop:Wsgi"])
def test_what_makes_an_app_is_refused_in_its_place(
    name: str, environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("BOOTY_APP", name)

    said = refusal(capsys)

    assert f"BOOTY_APP: '{name}' is not an application, but may make one\n      name the application itself" in said


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("no_such_shop:app", "cannot be imported: ModuleNotFoundError: No module named 'no_such_shop'"),
        ("lacks_a_package:app", "cannot be imported: ModuleNotFoundError: No module named 'not_installed_anywhere'"),
        ("a_shop:application", "cannot be imported: AttributeError: module 'a_shop' has no attribute 'application'"),
        ("a_shop:Holder.outer", "cannot be imported: AttributeError: type object 'Holder' has no attribute 'outer'"),
        ("a_shop:number", "is not an application: it cannot be called"),
    ],
)
def test_an_app_that_cannot_be_mounted_is_named_with_the_cause(
    name: str, problem: str, environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("BOOTY_APP", name)

    assert refusal(capsys) == (
        f"The service cannot start: 1 setting is missing or wrong:\n  BOOTY_APP: {name!r} {problem}\n"
        "      name an importable WSGI application as module:attribute, such as shop.wsgi:app\n"
    )


def test_a_bug_of_the_app_beside_keeps_its_own_traceback(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("BOOTY_APP", "is_broken:app")

    with pytest.raises(RuntimeError, match="no database"):
        create_app()


def test_names_wrong_settings_and_a_missing_app_in_one_message(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("BOOTY_APP", "no_such_shop:app")
    environment.setenv("OBSV_MIN_SEVERITY", "eror")
    environment.setenv("OBSV_FOLOW", "0")
    environment.delenv("TARGET_REPO_URL")

    said = refusal(capsys)

    assert said.startswith("The service cannot start: 3 settings are missing or wrong:\n")
    assert [name in said for name in ("BOOTY_APP", "OBSV_MIN_SEVERITY", "TARGET_REPO_URL", "OBSV_FOLOW")] == [True] * 4


def test_building_it_opens_nothing(tmp_path: Path) -> None:
    create_app()

    assert not (tmp_path / "state").exists()


def test_importing_any_module_needs_no_settings_and_says_nothing() -> None:
    program = (
        "import booty.wsgi, booty.__main__, booty.observability.delivery.courier, booty.observability.ops.error_reports"
    )

    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env={}, capture_output=True, check=True)

    assert (done.stdout, done.stderr) == (b"", b"")


def test_a_start_imports_no_library_that_no_setting_calls_for(tmp_path: Path) -> None:
    optional = {
        *("sentry_sdk", "structlog", "prometheus_client", "psycopg", "jwt", "cryptography"),
        *(
            "asyncio",
            "multiprocessing",
            "unittest",
            "xml",
            "tomllib",
            "rich",
            "markdown_it",
            "setuptools",
            "pkg_resources",
        ),
    }
    program = (
        f"import sys, booty.wsgi; booty.wsgi.create_app(has_hooks=True); print(sorted({optional} & set(sys.modules)))"
    )
    environ = {"SENTRY_WEBHOOK_SECRET": SECRET, "TARGET_REPO_URL": "a/b", "GITHUB_TOKEN": "t" * 40}

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environ | {"BOOTY_STATE_DIR": str(tmp_path / "state")},
        capture_output=True,
        check=True,
    )

    assert done.stdout == b"[]\n"


def as_starlette_asks(method: str, path: str, *, body: bytes = b"", mount: str = "", **headers: str) -> dict[str, Any]:
    """Build the WSGI environ of `WSGIMiddleware` in an app mounted at `mount`.

    https://github.com/encode/starlette/blob/master/starlette/middleware/wsgi.py, build_environ: the whole body is in
    memory, and nothing says that it ends by itself.
    """
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": mount,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stdout,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": 80,
        "CONTENT_LENGTH": str(len(body)),
        **headers,
    }


@pytest.mark.parametrize("mount", ["", "/observability"])
def test_answers_when_an_asgi_app_mounts_it_by_its_wsgi_middleware(mount: str) -> None:
    body = b'{"action":"triggered","data":{"event":{"issue_id":"1"}}}'
    environ = as_starlette_asks(
        "POST", "/webhooks/sentry", body=body, mount=mount, HTTP_SENTRY_HOOK_SIGNATURE=sign(body, SECRET)
    )
    statuses: list[str] = []

    def start_response(status: str, headers: list[tuple[str, str]], error: object = None) -> Any:  # noqa: ANN401 - nobody calls it
        del headers, error
        statuses.append(status)

    content = b"".join(create_app()(environ, start_response))

    assert statuses == ["202 ACCEPTED"]
    assert json.loads(content)["status"] == "accepted"
