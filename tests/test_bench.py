"""The benchmark: every part of it runs, in turns too short for figures; it can be ended at any time."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.service import ROOT, eventually

COMMAND = [sys.executable, "bench/run.py", "--rounds", "1", "--seconds", "0.1", "--fingerprints", "200"]
ENVIRON = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PYTHONPATH": ".:tests"}
STATE = f"BOOTY_STATE_DIR={ROOT}/var/bench/"


def running() -> list[str]:
    """Return the servers of a benchmark that run."""
    return [path.parent.name for path in Path("/proc").glob("[0-9]*/environ") if STATE.encode() in _read(path)]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # it has just ended, or is somebody else's
        return b""


def test_measures_every_part_as_ratios_within_one_run() -> None:
    cases = ["alerts,distinct,small,new", "disk,storm,small", "locked,small", "github,storm", "ledger,small"]
    command = [*COMMAND, "--json", "--only", *cases, "shared,small", "hostile", "memory", "start"]
    done = subprocess.run(command, cwd=ROOT, env=ENVIRON, capture_output=True, text=True, timeout=300, check=False)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    variants = {(row["part"], row["variant"]): row for row in rows if "variant" in row}

    assert done.returncode == 0 or "over a second" in done.stderr, done.stderr  # of a machine that does much else
    assert {row["part"] for row in rows} == {*(case.split(",")[0] for case in cases), "shared", *command[-3:], "run"}
    assert variants["alerts", "service"].keys() >= {"of no-op", "CPU of no-op", "of by hand", "p99 of by hand", "MiB"}
    assert all(row.get("p99 ms", 1) > 0 and row.get("CPU us", 1) > 0 for row in rows)
    assert variants["shared", "PostgreSQL, 2 receivers"]["CPU of file"] > 0
    assert {row["figure"].split(",")[0] for row in rows if row["part"] == "memory"} >= {"at rest", "after 42 kB alerts"}
    assert eventually(lambda: running() == [])


@pytest.mark.parametrize(
    ("how", "code", "last"),
    [(signal.SIGINT, 130, "bench: interrupted; the rows so far hold\n"), (signal.SIGKILL, -signal.SIGKILL, "")],
)
def test_ended_at_any_time_it_has_told_what_it_measured_and_leaves_no_process(
    how: signal.Signals, code: int, last: str
) -> None:
    command = [*COMMAND, "--only", "alerts,distinct,new"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=ENVIRON, stdout=pipe, stderr=pipe, text=True) as bench:
        assert bench.stdout is not None
        first = next(line for line in bench.stdout if "distinct, small, new" in line)
        assert len(running()) > 1
        bench.send_signal(how)
        _, said = bench.communicate(timeout=60)

    assert re.search(r"\| no-op +\| \d+ ", first)
    assert bench.returncode == code
    assert said.endswith(last)
    assert eventually(lambda: running() == [])


def test_says_why_a_server_does_not_come_up() -> None:
    program = "import servers; servers.Server('service', {'TARGET_REPO_URL': 'no address'}).__enter__()"
    environ = ENVIRON | {"PYTHONPATH": ".:tests:bench"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False
    )

    assert "NotUp: service did not start; its last lines:" in done.stderr
    assert "TARGET_REPO_URL" in done.stderr
    assert running() == []


@pytest.mark.parametrize("words", [["nothing"], ["alerts,tiny"]])
def test_names_what_could_be_measured_where_it_does_not_know_a_word(words: list[str]) -> None:
    command = [*COMMAND, "--only", *words]
    done = subprocess.run(command, cwd=ROOT, env=ENVIRON, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 2
    assert "known: alerts, disk, distinct, django, " in done.stderr
