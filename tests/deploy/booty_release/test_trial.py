"""A candidate takes a signed trial alert, or does not serve."""

from __future__ import annotations

import hashlib
import hmac
import json
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from booty_release.trial import main, try_alert

SECRET = "the-secret-of-a-droplet"


@dataclass
class Candidate:
    """What answers on the socket, and what it was sent."""

    path: Path
    status: int = 202
    said: bytes = b'{"status":"accepted"}'
    bodies: list[bytes] = field(default_factory=list)
    signatures: list[str] = field(default_factory=list)


@pytest.fixture
def candidate(tmp_path: Path) -> Iterator[Candidate]:
    answers = Candidate(tmp_path / "candidate.sock")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answers.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            answers.signatures.append(self.headers["Sentry-Hook-Signature"])
            self.send_response(answers.status)
            self.send_header("Content-Length", str(len(answers.said)))
            self.end_headers()
            self.wfile.write(answers.said)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def address_string(self) -> str:
            return "nobody"

    with socketserver.UnixStreamServer(str(answers.path), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield answers
        server.shutdown()
        thread.join()


def test_an_alert_that_is_taken_proves_the_candidate(candidate: Candidate) -> None:
    assert try_alert(candidate.path, {"SENTRY_WEBHOOK_SECRET": SECRET}) is None

    event = json.loads(candidate.bodies[0])["data"]["event"]
    assert (event["level"], event["issue_id"]) == ("fatal", "1")
    assert candidate.signatures == [hmac.new(SECRET.encode(), candidate.bodies[0], hashlib.sha256).hexdigest()]


@pytest.mark.parametrize("secret", [f" {SECRET}, another-secret-of-it", f"{SECRET}"])
def test_it_is_signed_with_the_first_secret_wherever_that_is(candidate: Candidate, tmp_path: Path, secret: str) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{secret}\n")

    for environ in ({"SENTRY_WEBHOOK_SECRET": secret}, {"SENTRY_WEBHOOK_SECRET_FILE": str(file)}):
        assert try_alert(candidate.path, environ) is None

    made = [hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest() for body in candidate.bodies]
    assert candidate.signatures == made


def test_an_alert_that_a_setting_does_not_want_proves_it_as_well(candidate: Candidate) -> None:
    candidate.status, candidate.said = 200, b'{"status":"ignored","reason":"below_severity"}'

    assert try_alert(candidate.path, {"SENTRY_WEBHOOK_SECRET": SECRET}) is None


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (500, b"Internal Server Error"),
        (401, b'{"error":"invalid_signature"}'),
        (503, b'{"error":"not_stored"}'),
        (302, b""),
        (200, b"<html>"),
        (202, b"[]"),
        (200, b'{"status":"ok"}'),
    ],
)
def test_any_other_answer_tells_against_it(
    candidate: Candidate, status: int, said: bytes, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    candidate.status, candidate.said = status, said
    monkeypatch.setenv("SENTRY_WEBHOOK_SECRET", SECRET)

    assert main(str(candidate.path)) == 1
    assert f"a signed trial alert was answered with {status}" in capsys.readouterr().out


def test_no_answer_tells_against_it(tmp_path: Path) -> None:
    fault = try_alert(tmp_path / "nobody.sock", {"SENTRY_WEBHOOK_SECRET": SECRET})

    assert fault is not None
    assert fault.startswith("a signed trial alert got no answer: ")
