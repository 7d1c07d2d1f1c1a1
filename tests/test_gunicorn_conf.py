"""The service as it is started: a real gunicorn with the project's settings."""

from __future__ import annotations

import json
import os
import pty
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Thread

import pytest
from support.alerts import alert as an_alert
from support.ledger_doors import Ledger
from support.sentry_events import body_of
from support.service import PATIENCE, SECRET, Answer, Service, eventually

from booty.observability.alerts.filters import Verdict
from booty.observability.sentry.signature import sign
from booty.observability.webhook.body import LONGEST_BODY

ROOT = Path(__file__).parents[1]
BESIDE = """
import json
import os
import sys
from pathlib import Path

with Path(__file__).with_name("imports").open("a") as imports:
    imports.write(f"{os.getpid()}\\n")

at_fork = set()
os.register_at_fork(after_in_child=lambda: at_fork.update(sys.modules))

def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [json.dumps({"imported": sorted(sys.modules.keys() - at_fork)}).encode()]
"""
HOSTILE = 'swordfish\n{"event": "forged"}'


HALVES = (
    b"POST /webhooks/sentry HTTP/1.1\r\nHost: a\r\nX-Half: ",
    b"POST /webhooks/sentry HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf",
    b"POST /webhooks/sentry HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("gunicorn")
    (home / "counting_app.py").write_text(BESIDE)
    return home


@pytest.fixture(scope="module")
def service(home: Path) -> Iterator[Service]:
    """Run two workers beside an app that writes down every import of itself."""
    environ = {"PYTHONPATH": f"{ROOT}:{home}", "BOOTY_APP": "counting_app:app"}
    with Service(home / "state", environ) as running:
        yield running


def alert(issue: str) -> bytes:
    event = {"issue_id": issue, "title": HOSTILE, "message": HOSTILE, "level": "error"}
    return body_of({"action": "triggered", "data": {"event": event}})


def open_files(process: int) -> set[str]:
    """Return what a process holds open."""
    return {str(link.readlink()) for link in Path(f"/proc/{process}/fd").iterdir() if link.is_symlink()}


def ask(service: Service, head: str, body: bytes = b"", *, hangs_up: bool = False) -> bytes:
    """Send a request as raw bytes, a header a line, and perhaps no more; return the first line of the answer."""
    with socket.create_connection(("127.0.0.1", service.port), timeout=PATIENCE) as connection:
        lines = [*head.splitlines(), "Host: localhost", "Connection: close"]
        connection.sendall("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n")
        try:
            connection.sendall(body)
        except (BrokenPipeError, ConnectionResetError):
            assert len(body) > LONGEST_BODY  # refused before it was read whole
        if hangs_up:
            connection.shutdown(socket.SHUT_WR)
        with connection.makefile("rb") as answer:
            return answer.readline().strip()


def held(service: Service) -> float:
    """Return the MiB that its workers hold, each for itself."""
    maps = (Path(f"/proc/{worker}/smaps_rollup").read_text() for worker in service.workers())
    return sum(int(found) for text in maps for found in re.findall(r"Private_Dirty: +(\d+) kB", text)) / 1024


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)


def test_an_alert_becomes_an_issue(service: Service) -> None:
    answer = service.post(alert("1"))

    assert answer == (202, {"status": "accepted", "fingerprint": "unknown:1"})
    assert eventually((service.state / "issues" / "1.md").exists)


def test_two_workers_import_the_app_once_before_the_fork(service: Service, home: Path) -> None:
    assert service.process is not None

    assert eventually(lambda: len(service.workers()) == 2)
    assert (home / "imports").read_text() == f"{service.process.pid}\n"


def test_no_worker_imports_anything_by_itself(service: Service) -> None:
    """What is imported after the fork is kept twice, and copies what the import touches."""
    service.post(alert("77"))
    assert eventually(lambda: any(line["fingerprint"] == "unknown:77" for line in service.events("issue_filed")))

    assert [service.get("/imported") for _ in range(4)] == [Answer(200, {"imported": []})] * 4


def test_each_line_about_a_problem_names_its_page_in_sentry(service: Service) -> None:
    page = "https://sentry.io/organizations/acme/issues/9/"
    event = {"issue_id": "9", "event_id": "a" * 32, "level": "error", "web_url": f"{page}events/abc/"}
    body = body_of({"action": "triggered", "data": {"event": event}})
    service.post(body)
    assert eventually(lambda: any(line.get("issue") for line in lines_about(service, page)))

    service.post(body.replace(b"a" * 32, b"b" * 32))
    service.post(body.replace(b'"error"', b'"info"'))

    accepted, filed, cooling, below = lines_about(service, page)
    assert (accepted["event"], filed["event"]) == ("alert_accepted", "issue_filed")
    assert {name: cooling[name] for name in ("event", "reason", "issue")} == {
        "event": "alert_ignored",
        "reason": "cooldown",
        "issue": filed["issue"],
    }
    assert str(cooling["since"]) < str(cooling["until"])
    assert (below["reason"], below["severity"], below["threshold"]) == ("below_severity", "info", "error")


def lines_about(service: Service, page: str) -> list[dict[str, object]]:
    return [line for line in service.log_lines() if line.get("sentry_url") == page]


def test_a_start_says_once_what_it_is(service: Service) -> None:
    (started,) = service.events("started")

    assert {name: started[name] for name in ("repository", "mode", "threshold", "release")} == {
        "repository": "acme/shop",
        "mode": "preview",
        "threshold": "error",
        "release": None,
    }


def test_a_candidate_says_loudly_that_it_files_nothing(tmp_path: Path) -> None:
    with Service(tmp_path / "state", {"BOOTY_CANDIDATE": "1", "OBSV_NEWER": "x", "WEB_CONCURRENCY": "1"}) as service:
        service.post(alert("1"))

    assert service.events("started")[0]["mode"] == "candidate"
    assert service.events("files_nothing")[0]["level"] == "warning"
    assert service.events("setting_unknown")[0]["setting"] == "OBSV_NEWER"


def test_nothing_is_open_and_no_thread_runs_before_the_fork(service: Service) -> None:
    assert service.process is not None
    state = f"{service.state}/"

    assert not [name for name in open_files(service.process.pid) if name.startswith(state)]
    assert len(list(Path(f"/proc/{service.process.pid}/task").iterdir())) == 1
    assert any(name.startswith(state) for worker in service.workers() for name in open_files(worker))


def test_a_body_that_comes_in_chunks_is_read(service: Service) -> None:
    body = alert("2")
    head = f"POST /webhooks/sentry HTTP/1.1\nTransfer-Encoding: chunked\nSentry-Hook-Signature: {sign(body, SECRET)}"

    assert ask(service, head, chunked(body)) == b"HTTP/1.1 202 ACCEPTED"


def test_a_body_that_is_too_long_is_refused_without_an_announced_length_too(service: Service) -> None:
    body = b" " * (LONGEST_BODY + 1)
    head = f"POST /webhooks/sentry HTTP/1.1\nTransfer-Encoding: chunked\nSentry-Hook-Signature: {sign(body, SECRET)}"

    assert ask(service, head, chunked(body)) == b"HTTP/1.1 413 REQUEST ENTITY TOO LARGE"


def test_a_body_that_is_announced_as_too_long_is_refused_before_it_comes(service: Service) -> None:
    head = f"POST /webhooks/sentry HTTP/1.1\nContent-Length: {1 << 40}"

    assert ask(service, head) == b"HTTP/1.1 413 REQUEST ENTITY TOO LARGE"


def test_a_body_shorter_than_announced_is_a_broken_transfer(service: Service) -> None:
    body = alert("4")
    head = f"POST /webhooks/sentry HTTP/1.1\nContent-Length: {len(body)}\nSentry-Hook-Signature: {sign(body, SECRET)}"

    assert ask(service, head, body[:-9], hangs_up=True) == b"HTTP/1.1 400 BAD REQUEST"
    assert service.events("body_truncated")[-1]["announced_bytes"] == len(body)


KEYS = b",".join(b'"k%d":1' % each for each in range(150_000))
MANY = (
    b'"stacktrace":{"frames":[%b{}]}' % (b"{}," * 600_000),
    b'"extra":[NaN,"\\ud800"%b]' % (b",{}" * 600_000),
    b'"extra":{"__serialized__":{%b}}' % KEYS,
    b'"occurrence":{"evidenceDisplay":[%b{}]}' % (b'{"name":"a","value":"b"},' * 70_000),
    b'"level":[],"stacktrace":{"frames":[%b{}]}' % (b'{"lineno":"x"},' * 120_000),
)
"""Parts of events that are made of very many values, each read in a way of its own."""


def test_callers_that_fall_silent_amid_a_request_let_go_of_their_threads(tmp_path: Path) -> None:
    with Service(tmp_path / "state") as service, ExitStack() as held:
        seconds = service.patience_with_silence(1)
        callers = [
            held.enter_context(socket.create_connection(("127.0.0.1", service.port), timeout=PATIENCE))
            for _ in range(10)
            for _ in HALVES
        ]
        for caller, half in zip(callers, HALVES * 10, strict=True):
            caller.sendall(half)
        answer = service.post(alert("9001"))
        ends = [caller.recv(15) for caller in callers]

    assert 1 < seconds <= 30
    assert answer.status == 202
    assert ends == [b"", b"HTTP/1.1 400 BA", b"HTTP/1.1 400 BA"] * 10
    assert "Traceback" not in service.log.read_text()


def test_large_bodies_at_once_leave_little_memory_behind(tmp_path: Path) -> None:
    bodies = [
        b'{"action":"triggered","data":{"event":{"issue_id":"%d",%b}}}' % (1000 + number, part)
        for number, part in enumerate(MANY * 5)
    ]
    with Service(tmp_path / "state") as service, ThreadPoolExecutor(24) as senders:
        list(senders.map(service.post, [alert(str(each)) for each in range(200)]))
        before = held(service)
        answers = list(senders.map(service.post, bodies))

        assert {answer.status for answer in answers} == {202}
        assert eventually(lambda: held(service) < before + 12, within=10)


@pytest.mark.parametrize("signature", ["\xfc\xf1\xed", "\x80" * 64, "a" * 7000, ""])
def test_an_odd_signature_is_refused_as_any_other(service: Service, signature: str) -> None:
    head = f"POST /webhooks/sentry HTTP/1.1\nContent-Length: 2\nSentry-Hook-Signature: {signature}"

    assert ask(service, head, b"{}") == b"HTTP/1.1 401 UNAUTHORIZED"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "POST"])
@pytest.mark.parametrize("path", ["/webhooks/sentry", "/webhooks/sentry/", "//webhooks/sentry", "/webhooks//sentry"])
def test_no_spelling_of_the_path_is_redirected(service: Service, method: str, path: str) -> None:
    status = int(ask(service, f"{method} {path} HTTP/1.1\nContent-Length: 0").split()[1])

    assert status in ({200} if path == "/webhooks//sentry" else {405, 401})  # 200 is the app beside


def test_every_line_of_the_log_is_an_event_and_holds_nothing_of_a_body(service: Service) -> None:
    service.post(alert("3"))
    service.post(alert("3"), headers={"Sentry-Hook-Signature": "5" * 64})
    malformed = ask(service, "GET / HTTP/1.1\nB\x1b[31m d: swordfish")
    lines = service.log.read_text().splitlines()
    events = [json.loads(line)["event"] for line in lines]

    assert malformed.startswith(b"HTTP/1.1 400")
    assert any(event.startswith("Starting gunicorn") for event in events)
    assert any(event.startswith("Invalid request") for event in events)
    assert {"alert_accepted", "alert_unverified", "alert_too_large"} <= set(events)
    assert "forged" not in events
    for hidden in ("swordfish", SECRET, sign(alert("3"), SECRET), "5" * 64):
        assert hidden not in "\n".join(lines)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "SENTRY_WEBHOOK_SECRET": SECRET,
        "TARGET_REPO_URL": "acme/shop",
        "BOOTY_PREVIEW": "1",
        "BOOTY_STATE_DIR": str(tmp_path / "state"),
    }


def health_of(path: Path) -> bytes:
    """Ask for /health on a unix socket; nothing when nobody listens."""
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(str(path))
        except OSError:
            return b""
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        with connection.makefile("rb") as answer:
            return answer.readline().strip()


def test_on_a_terminal_and_a_unix_socket_it_serves_logs_readably_and_ends_well(
    environ: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "booty.sock"
    ours, theirs = pty.openpty()
    shown: list[bytes] = []
    command = [sys.executable, "-m", "gunicorn", "--bind", f"unix:{path}"]
    with subprocess.Popen(command, cwd=ROOT, env=environ | {"WEB_CONCURRENCY": "1"}, stderr=theirs) as process:
        os.close(theirs)
        reader = Thread(target=read_all, args=(ours, shown))
        reader.start()
        is_serving = eventually(lambda: health_of(path) == b"HTTP/1.1 200 OK")
        process.terminate()
        code = process.wait(PATIENCE)
    reader.join(PATIENCE)
    text = b"".join(shown).decode()

    assert (is_serving, code) == (True, 0)
    assert text.count("Booting worker with pid") == 1
    assert "\x1b[" in text
    assert '{"' not in text


def read_all(terminal: int, into: list[bytes]) -> None:
    """Read until the other end is closed."""
    try:
        while part := os.read(terminal, 65536):
            into.append(part)
    except OSError:  # how Linux says that the other end of a terminal is closed
        os.close(terminal)


def test_a_start_files_what_an_earlier_process_left_and_sigterm_ends_it_with_success(tmp_path: Path) -> None:
    state = tmp_path / "state"
    earlier = Ledger(state, keep_seconds=1.0)
    earlier.claims.claim(an_alert(fingerprint="1:1"), lambda _: Verdict.ACCEPTED, now=time.time())

    with Service(state, {"WEB_CONCURRENCY": "1"}) as service:
        (worker,) = service.workers()
        is_filed = eventually((state / "issues" / "1.md").exists)
        code = service.stop()

    assert is_filed
    assert code == 0
    assert not Path(f"/proc/{worker}").exists()


def test_wrong_settings_end_it_with_all_of_them_named_and_no_traceback(environ: dict[str, str]) -> None:
    wrong = {"BOOTY_PREVIEW": "0", "OBSV_MIN_SEVERITY": "eror", "SENTRY_ENVIRONMENT": "prod", "TARGET_REPO_URL": ""}
    command = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0"]

    done = subprocess.run(command, cwd=ROOT, env=environ | wrong, capture_output=True, text=True, check=False)

    assert done.returncode == 78
    assert "The service cannot start: 4 settings are missing or wrong:" in done.stderr
    names = ["TARGET_REPO_URL", "OBSV_MIN_SEVERITY", "GITHUB_TOKEN", "SENTRY_DSN"]
    assert [name for name in names if f"  {name}: " in done.stderr] == names
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("name", "value"), [("PORT", "http"), ("PORT", "70000"), ("WEB_CONCURRENCY", "0")])
def test_a_wrong_setting_of_gunicorn_is_named_with_the_others(environ: dict[str, str], name: str, value: str) -> None:
    wrong = {name: value, "OBSV_MIN_SEVERITY": "eror"}
    command = [sys.executable, "-m", "gunicorn"]

    done = subprocess.run(command, cwd=ROOT, env=environ | wrong, capture_output=True, text=True, check=False)

    assert done.returncode == 78
    assert "The service cannot start: 2 settings are missing or wrong:" in done.stderr
    assert [f"  {each}: " in done.stderr for each in wrong] == [True, True]
    assert "Traceback" not in done.stderr


def configured(environ: dict[str, str], **changes: str) -> dict[str, str]:
    """Return gunicorn's own reading of its settings; nothing is bound or started."""
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--print-config"],
        cwd=ROOT,
        env=environ | changes,
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    return {name.strip(): value for name, _, value in (line.partition(" = ") for line in done.stdout.splitlines())}


def test_its_own_settings_are_those_of_a_small_droplet(environ: dict[str, str]) -> None:
    settings = configured(environ)

    assert settings["bind"] == "['127.0.0.1:8000']"
    assert (settings["workers"], settings["threads"], settings["preload_app"]) == ("2", "12", "True")
    assert (settings["timeout"], settings["graceful_timeout"], settings["accesslog"]) == ("30", "20", "None")


def test_port_concurrency_and_command_line_work_as_gunicorn_documents_them(environ: dict[str, str]) -> None:
    settings = configured(environ, PORT="4711", WEB_CONCURRENCY="3", GUNICORN_CMD_ARGS="--threads 4 --timeout 9")

    assert settings["bind"] == "['0.0.0.0:4711']"
    assert (settings["workers"], settings["threads"], settings["timeout"]) == ("3", "4", "9")
