"""The service's own errors, as Sentry gets them: a stand-in for Sentry listens, the real SDK sends."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Thread
from typing import cast

import pytest
from sentry_sdk.envelope import Envelope
from sentry_sdk.types import Event
from support.sentry_events import Json, body_of, capture, delivered
from support.service import SECRET, Service, eventually

from booty.observability.ops.error_reports import before_send
from booty.observability.sentry.signature import InvalidSignature, sign, verify

ROOT = Path(__file__).parents[2]
RELEASE = f"booty@{'5' * 40}"
SHOP = """
from flask import Flask, request

app = Flask("shop")

@app.post("/webhooks/github")
def boom():
    local = "fish-sword"[5:] + "fish in a local variable"
    raise ValueError("the shop failed, password=hunter2secret")
"""
OUTSIDE = {
    "X-Hub-Signature-256": "sha256=" + "ab" * 32,
    "Sentry-Hook-Signature": "cd" * 32,
    "Authorization": "Bearer swordfish-token",
    "Cookie": "session=swordfish-cookie",
    "X-Customer": "acme",
    "Content-Type": "application/json",
    "X-Forwarded-For": "203.0.113.9",
}


class Sentry:
    """A stand-in for Sentry's ingestion, on loopback."""

    def __init__(self) -> None:
        self.events: list[Json] = []
        self.other: list[str] = []
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                stand_in.keep(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.dsn = f"http://key@127.0.0.1:{self._server.server_port}/1"
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def keep(self, envelope: bytes) -> None:
        """Keep what the SDK sent."""
        for item in Envelope.deserialize(envelope).items:
            if item.type == "event":
                self.events.append(json.loads(item.get_bytes()))
            else:
                self.other.append(str(item.type))

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def sentry() -> Iterator[Sentry]:
    stand_in = Sentry()
    yield stand_in
    stand_in.close()


@pytest.fixture(scope="module")
def service(sentry: Sentry, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Run the service in production, beside a shop that fails."""
    home = tmp_path_factory.mktemp("reporting")
    (home / "failing_shop.py").write_text(SHOP)
    environ = {
        "PYTHONPATH": f"{ROOT}:{home}",
        "BOOTY_APP": "failing_shop:app",
        "SENTRY_DSN": sentry.dsn,
        "SENTRY_RELEASE": RELEASE,
        "SENTRY_ENVIRONMENT": "Production",
        "WEB_CONCURRENCY": "1",
    }
    with Service(home / "state", environ) as running:
        yield running


def event_of(sentry: Sentry, kind: str) -> Json:
    """Wait for the event of an exception's type, or of a logged message."""

    def matches(event: Json) -> bool:
        raised = [each["type"] for each in event.get("exception", {}).get("values", ())]
        return kind in [*raised, event.get("message"), event.get("logentry", {}).get("message")]

    assert eventually(lambda: any(map(matches, sentry.events)), within=10)
    return next(filter(matches, sentry.events))


@pytest.fixture(scope="module")
def shops(service: Service, sentry: Sentry) -> Json:
    """Return the event of an error in the app beside."""
    connection = HTTPConnection("127.0.0.1", service.port, timeout=10)
    connection.request("POST", "/webhooks/github?api_key=swordfish&page=2", b'{"text": "swordfish body"}', OUTSIDE)
    assert connection.getresponse().status == 500
    connection.close()
    return event_of(sentry, "ValueError")


def put_a_file_in_place_of(directory: Path) -> None:
    """Move the directory away and leave a file there, however often the service makes another one meanwhile."""
    for number in count():
        directory.rename(directory.with_name(f"moved-{number}"))
        with suppress(FileExistsError), directory.open("x"):
            return


@pytest.fixture(scope="module")
def own(service: Service, sentry: Sentry) -> Json:
    """Return the event of an alert that could not be stored."""
    put_a_file_in_place_of(service.state)
    alert = {"action": "triggered", "data": {"event": {"issue_id": "1", "message": "swordfish in the alert"}}}
    refused = service.post(body_of(alert))
    service.state.unlink()
    assert refused.status == 503
    return event_of(sentry, "not_stored")


def test_an_error_is_reported_with_release_and_environment(own: Json) -> None:
    assert (own["release"], own["environment"], own["level"]) == (RELEASE, "Production", "error")


def test_an_error_of_the_alert_path_is_tagged_as_its_own(own: Json) -> None:
    assert own["logger"] == "booty.observability.ledger.engines.sqlite"
    assert own["tags"]["booty.path"] == "alert"


def test_an_error_of_the_alert_path_carries_no_request(own: Json) -> None:
    assert "request" not in own


def test_an_alert_made_from_an_error_of_the_alert_path_is_not_handled(own: Json, service: Service) -> None:
    answer = service.post(body_of(delivered(own)))

    assert answer == (200, {"status": "ignored", "reason": "not_handled"})


def test_a_service_alone_reports_its_errors_and_nothing_that_came_before(tmp_path: Path) -> None:
    sentry = Sentry()
    with Service(tmp_path / "state", {"SENTRY_DSN": sentry.dsn, "SENTRY_RELEASE": RELEASE}) as running:
        assert running.post(body_of({"action": "triggered", "data": {"event": {"issue_id": "1"}}})).status == 202
        put_a_file_in_place_of(running.state)
        refused = running.post(body_of({"action": "triggered", "data": {"event": {"issue_id": "2"}}}))
        running.state.unlink()
        event = event_of(sentry, "not_stored")
    sentry.close()

    assert refused.status == 503
    assert (event["tags"]["booty.path"], event["release"]) == ("alert", RELEASE)
    assert not event.get("breadcrumbs", {}).get("values")
    assert "request" not in event


@pytest.mark.parametrize("beside", [None, "failing_shop:app"])
def test_what_a_view_raises_is_reported_with_its_stack(beside: str | None, tmp_path: Path) -> None:
    sentry = Sentry()
    program = RAISING.replace("BESIDE", repr(beside))
    environ = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "SENTRY_DSN": sentry.dsn}
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=environ, check=True, capture_output=True)
    event = event_of(sentry, "ZeroDivisionError")
    sentry.close()

    assert event["exception"]["values"][-1]["stacktrace"]["frames"][-1]["function"] == "broken"
    assert len(sentry.events) == 1


def test_an_error_of_the_app_beside_is_not_ours_and_becomes_an_issue(shops: Json, service: Service) -> None:
    answer = service.post(body_of(delivered(shops, issue="4711")))

    assert "booty.path" not in shops.get("tags", {})
    assert answer.status == 202


def test_an_error_of_the_app_beside_keeps_its_request(shops: Json) -> None:
    request = shops["request"]

    assert request["method"] == "POST"
    assert request["url"].endswith("/webhooks/github")
    assert "page=" in request["query_string"]
    assert request["headers"]["X-Customer"] == "acme"


def test_no_event_carries_a_signature_a_secret_a_body_or_a_person(own: Json, shops: Json, sentry: Sentry) -> None:
    sent = json.dumps(sentry.events)

    assert {own["event_id"], shops["event_id"]} <= {event["event_id"] for event in sentry.events}
    for hidden in ("swordfish", "hunter2secret", "ab" * 32, "cd" * 32, SECRET, "203.0.113.9", "127.0.0.1:5"):
        assert hidden not in sent
    assert not any("user" in event or '"vars"' in json.dumps(event) for event in sentry.events)


def test_the_sdk_starts_no_thread_before_the_fork(own: Json, service: Service) -> None:
    assert own
    assert service.process is not None

    assert len(list(Path(f"/proc/{service.process.pid}/task").iterdir())) == 1


def test_an_exception_that_passed_through_the_alert_path_is_tagged() -> None:
    event = before_send(cast("Event", capture(lambda: verify(b"{}", "0" * 64, ["key"]))), {})

    assert event["exception"]["values"][-1]["type"] == InvalidSignature.__name__
    assert event["tags"] == {"booty.path": "alert"}


def test_an_exception_of_anything_else_is_not_tagged() -> None:
    event = before_send(cast("Event", capture(lambda: 1 / 0)), {})

    assert "tags" not in event


def test_tags_that_were_there_stay() -> None:
    logged = before_send({"logger": "booty.observability.delivery.courier", "tags": {"server": "a"}}, {})
    paired = before_send({"logger": "booty.observability.delivery.courier", "tags": [["server", "a"]]}, {})  # type: ignore[typeddict-item]  # as old SDKs had them

    assert logged["tags"] == paired["tags"] == {"server": "a", "booty.path": "alert"}


def test_a_value_under_a_telling_name_is_masked_and_the_rest_stays() -> None:
    signature = sign(b"", SECRET)
    headers = {"Sentry-App-Signature": signature, "X-Api-Key": "abc", "Host": "shop.example", "Content-Length": "12"}

    raw: Event = {"request": {"headers": headers}, "extra": {"attempts": 3, "api_token": "abc"}}

    event = before_send(raw, {})

    assert event["request"]["headers"] == {
        "Sentry-App-Signature": "[redacted]",
        "X-Api-Key": "[redacted]",
        "Host": "shop.example",
        "Content-Length": "12",
    }
    assert event["extra"] == {"attempts": 3, "api_token": "[redacted]"}


def test_an_event_says_nothing_of_persons_but_by_the_operators_wish() -> None:
    raw: Event = {"logentry": {"message": "bob@example.com from 81.2.69.142"}, "modules": {"flask": "8.1.2.4"}}

    masked, kept = before_send(raw, {}), before_send(raw, {}, is_masked=False)

    assert masked == {"logentry": {"message": "[email] from [ip]"}, "modules": {"flask": "8.1.2.4"}}
    assert kept == raw


RAISING = """
import os, sentry_sdk
from flask import Flask
from booty.observability.ops import error_reports
from booty.observability.config import Settings

given = {"SENTRY_WEBHOOK_SECRET": "hush-hush-hush-hush", "TARGET_REPO_URL": "a/b", "BOOTY_PREVIEW": "1"}
error_reports.start(Settings.load({**os.environ, **given, **({"BOOTY_APP": BESIDE} if BESIDE else {})}))
app = Flask("booty.observability")

@app.get("/")
def broken():
    return str(1 / 0)

assert app.test_client().get("/").status_code == 500
sentry_sdk.flush(5)
"""

PROGRAM = """
import os, sentry_sdk
from sentry_sdk.utils import get_default_release
from booty.observability.ops import error_reports
from booty.observability.config import Settings

print(get_default_release())
error_reports.start(Settings.load(os.environ))
sentry_sdk.capture_message("no release")
sentry_sdk.flush(5)
"""


def run(home: Path, **environ: str) -> str:
    """Run the program in a git checkout, as a developer would; return what it prints."""
    given = {"SENTRY_WEBHOOK_SECRET": "hush-hush-hush-hush", "TARGET_REPO_URL": "a/b", "BOOTY_PREVIEW": "1"}
    needed = {"PYTHONPATH": str(ROOT)} | given
    named = {
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@b",
        "PATH": "/usr/bin:/bin",
    }
    commit = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--allow-empty", "-m", "Start"]
    subprocess.run(["git", "init", "--quiet"], cwd=home, env=named, check=True)
    subprocess.run(commit, cwd=home, env=named, check=True)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=home,
        env=named | needed | environ,
        check=True,
        capture_output=True,
        text=True,
        timeout=30,
    )
    return done.stdout.strip()


IN_A_HOST = """
import json, logging, sentry_sdk
from booty.observability.ops.error_reports import mark_in_a_host

def show(event, hint):
    print(json.dumps([event.get("tags"), event["logentry"]["message"], event["extra"].get("api_token")]))

if IS_FIRST:
    mark_in_a_host()
sentry_sdk.init(dsn="https://key@localhost/1", before_send=show)
mark_in_a_host()
for name in ("booty.observability.delivery.courier", "shop.orders"):
    logging.getLogger(name).error("delivery_refused", extra={"api_token": "swordfish"})
"""


@pytest.mark.parametrize("is_first", [True, False])
def test_in_a_host_only_what_the_alert_path_reports_is_tagged_and_cleaned(*, is_first: bool) -> None:
    program = IN_A_HOST.replace("IS_FIRST", str(is_first))

    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True)

    own, hosts = (json.loads(line) for line in done.stdout.splitlines())
    assert own == [{"booty.path": "alert"}, "delivery_refused", "[redacted]"]
    assert hosts == [None, "delivery_refused", "swordfish"]


def test_a_release_is_never_guessed_from_the_git_checkout(sentry: Sentry, tmp_path: Path) -> None:
    guess = run(tmp_path, SENTRY_DSN=sentry.dsn)

    assert len(guess) == 40  # what the SDK would have said
    assert event_of(sentry, "no release").get("release", "") == ""


def test_without_a_dsn_nothing_is_sent(sentry: Sentry, tmp_path: Path) -> None:
    before = len(sentry.events)

    run(tmp_path)

    assert len(sentry.events) == before


def test_nothing_but_errors_is_sent_until_the_end(own: Json, shops: Json, service: Service, sentry: Sentry) -> None:
    # the SDK keeps counts of sessions back and sends them when it ends; so this test comes last
    code = service.stop()

    assert code == 0
    assert own["event_id"] != shops["event_id"]
    assert set(sentry.other) <= {"client_report"}
