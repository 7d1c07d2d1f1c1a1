"""The scripts: their help, which needs no settings and prepares nothing, and what they refuse or print."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from support.operator import run
from support.sentry_events import PROJECT
from support.service import SECRET, Service, eventually

SLOWEST_MS = 120.0
"""Thrice what it takes on a machine at rest; a test run is none."""
ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", ["alert", "bench", "bootstrap", "demo", "lock", "server", "test"])
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_shows_its_help(name: str, flag: str) -> None:
    done = subprocess.run([ROOT / "script" / name, flag], capture_output=True, text=True, timeout=30, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert f"script/{name}" in done.stdout
    assert "usage" in done.stdout.lower()
    assert "set -euo" not in done.stdout


@pytest.mark.parametrize("name", ["alert", "bench", "bootstrap", "demo", "lock", "server", "test"])
def test_shows_its_help_from_any_folder_and_before_anything_is_installed(name: str, tmp_path: Path) -> None:
    """A copy without `.venv` must not install one for its help's sake."""
    script = tmp_path / "script"
    script.mkdir()
    for source in (ROOT / "script").iterdir():
        if source.is_file():
            (script / source.name).write_bytes(source.read_bytes())
            (script / source.name).chmod(source.stat().st_mode)

    done = subprocess.run([script / name, "--help"], cwd="/", capture_output=True, text=True, timeout=30, check=False)

    assert done.returncode == 0
    assert not (tmp_path / ".venv").exists()


def test_bootstrap_refuses_what_it_does_not_know() -> None:
    done = subprocess.run([ROOT / "script" / "bootstrap", "prod"], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (64, "bootstrap: unknown argument prod; see script/bootstrap --help\n")


def test_lock_names_the_tool_that_it_needs_where_it_is_missing(tmp_path: Path) -> None:
    for tool in ("bash", "dirname"):
        (tmp_path / tool).symlink_to(f"/bin/{tool}" if Path(f"/bin/{tool}").exists() else f"/usr/bin/{tool}")

    done = subprocess.run(
        [ROOT / "script" / "lock"], env={"PATH": str(tmp_path)}, capture_output=True, text=True, timeout=30, check=False
    )

    assert (done.returncode, done.stderr) == (69, "lock: needs uv: pip install uv\n")


def test_lock_compiles_both_files_with_hashes_and_without_the_address_of_any_index(tmp_path: Path) -> None:
    uv = tmp_path / "uv"
    uv.write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/calls\n')
    uv.chmod(0o755)
    path = {"PATH": f"{tmp_path}:/usr/bin:/bin"}

    done = subprocess.run([ROOT / "script" / "lock", "--upgrade"], env=path, timeout=30, check=False)

    calls = (tmp_path / "calls").read_text().splitlines()
    assert done.returncode == 0
    assert [call.split()[-1] for call in calls] == ["requirements.in", "requirements-dev.in"]
    for option in ("--generate-hashes", "--universal", "--no-emit-index-url", "--no-emit-find-links", "--upgrade"):
        assert all(option in call.split() for call in calls)


def _copy(folder: Path) -> None:
    """Copy the scripts that read .env, with stand-ins for what they start."""
    for name, content in {
        **{f"script/{name}": (ROOT / "script" / name).read_text() for name in ("server", "alert", "dotenv")},
        "script/bootstrap": "#!/bin/sh\n",
        ".venv/bin/python": '#!/bin/sh\necho "$@"\nenv | grep -E "WEB_CONCURRENCY=$|SENTRY_DSN"\ntrue\n',
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
        (folder / name).chmod(0o755)


@pytest.mark.parametrize("script", ["server", "alert"])
def test_takes_the_settings_of_a_file_as_bash_reads_them(tmp_path: Path, script: str) -> None:
    _copy(tmp_path)
    (tmp_path / ".env").write_text("# a comment\nSENTRY_DSN='https://a b'\n")

    done = subprocess.run([tmp_path / "script" / script], env={}, capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "SENTRY_DSN=https://a b"


@pytest.mark.parametrize("script", ["server", "alert"])
@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("\ufeffGITHUB_TOKEN=hidden".encode(), 1),
        ("GITHUB_TOKEN=hidden".encode("utf-16"), 1),
        (b"A=1\nGITHUB_TOKEN = hidden", 2),
        (b"GITHUB_TOKEN=so hidden", 1),
        (b"A=1\n\nGITHUB_TOKEN=$hidden", 3),
        (b"GITHUB_TOKEN='hidden", 1),
    ],
)
def test_a_file_of_settings_that_bash_cannot_read_is_named_by_its_line_without_what_it_holds(
    tmp_path: Path, script: str, written: bytes, line: int
) -> None:
    _copy(tmp_path)
    (tmp_path / ".env").write_bytes(written)

    done = subprocess.run(
        [tmp_path / "script" / script], env={}, capture_output=True, text=True, timeout=30, check=False
    )

    assert (done.returncode, done.stdout) == (78, "")
    assert done.stderr.startswith(f"{script}: .env cannot be read, line {line}: write NAME=value, without")
    assert done.stderr.count("\n") == 1
    assert "hidden" not in done.stderr


@pytest.mark.parametrize(
    ("concurrency", "runs"),
    [("2", "-m gunicorn --bind x"), ("", "-m gunicorn --bind x"), (None, "-m gunicorn --bind x")]
    + [(wrong, "-c from booty.wsgi import create_app; create_app()") for wrong in ("two", "1.5", "-1")],
)
def test_server_has_the_service_name_a_number_of_workers_that_gunicorn_would_die_of(
    tmp_path: Path, concurrency: str | None, runs: str
) -> None:
    _copy(tmp_path)
    environ = {"PATH": "/usr/bin:/bin"} | ({} if concurrency is None else {"WEB_CONCURRENCY": concurrency})

    done = subprocess.run(
        [tmp_path / "script" / "server", "--bind", "x"], env=environ, capture_output=True, text=True, check=True
    )

    assert done.stdout == f"{runs}\n"


def test_the_measurement_of_redacting_runs_through() -> None:
    command = [sys.executable, "bench/redaction.py", "--slowest", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert "slowest first" in done.stdout
    assert "an alert of" in done.stdout


def test_no_body_is_so_slow_that_an_honest_alert_would_have_to_wait() -> None:
    done = subprocess.run(
        [sys.executable, "bench/slow_bodies.py"],
        cwd=ROOT,
        env={"PYTHONPATH": ".:tests"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    spent, _, kind = done.stdout.split("\n", maxsplit=1)[0].split(maxsplit=2)

    assert float(spent) < SLOWEST_MS, kind


def test_the_demo_shows_what_each_webhook_did_and_each_issue_before_its_comments() -> None:
    done = subprocess.run(
        [sys.executable, "script/demo.py"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": ".:tests"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    table, *pages = done.stdout.split(f"\n{'─' * 20} ")

    assert (done.returncode, done.stderr) == (0, "")
    assert table in (ROOT / "README.md").read_text(encoding="utf-8")
    assert [page.split("\n", 1)[0] for page in pages] == [
        f"var/demo/issues/{name}.md" for name in ("1", "1.comments", "2")
    ]
    assert "### Suspects" in pages[0]
    assert "Crashed at [`shop.py:" in pages[0]
    assert "sentry_events" not in done.stdout
    assert [explained(what) for what in ("#1", "#2", f"{PROJECT}:2")] == [
        (
            "open",
            [
                ("accepted", ["filed"]),
                ("cooldown", []),
                ("accepted", ["updated"]),
                ("accepted", ["unchanged"]),
                ("accepted", ["reopened"]),
            ],
        ),
        ("open", [("accepted", ["filed"])]),
        ("below_severity", [("below_severity", [])]),
    ]


def explained(what: str) -> tuple[str, list[tuple[str, list[str]]]]:
    """Return what `booty why` says of a problem of the demo: its state, each decision with what became of it."""
    story = json.loads(run(ROOT / "var" / "demo", "why", what, "--json").stdout)
    lines = [(line["verdict"], [outcome["what"] for outcome in line["became"]]) for line in story["lines"]]
    return story["state"], lines


def test_sends_a_first_alert_that_the_service_accepts(tmp_path: Path) -> None:
    with Service(tmp_path / "state") as service:
        address = f"http://127.0.0.1:{service.port}"
        done = _alert(address, SECRET)

        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith('202 {"fingerprint":')
        assert eventually((tmp_path / "state" / "issues" / "1.md").exists)
        assert not _alert(address, f"acme:{SECRET}").stdout.startswith("401")  # it signs without the name
        assert _alert(address, "not-the-secret-of-it").returncode == 1
    assert _alert(address, SECRET).returncode == 69
    assert _alert(address, "").returncode == 78


def _alert(address: str, secret: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": "/usr/bin:/bin", "PYTHONPATH": ".", "SENTRY_WEBHOOK_SECRET": secret}
    command = [sys.executable, "script/alert.py", address]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False)
