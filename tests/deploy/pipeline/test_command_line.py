"""The command line of the programs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.pipeline.command_line import run
from deploy.pipeline.exit_codes import ExitCode
from deploy.pipeline.target import Target

ROOT = Path(__file__).resolve().parents[3]


PIPELINE = ROOT / "deploy" / "pipeline"


@pytest.mark.parametrize(
    "program", sorted(path.stem for path in PIPELINE.glob("*.py") if "__main__" in path.read_text())
)
def test_every_program_explains_itself_where_nothing_is_installed(program: str) -> None:
    command = [sys.executable, "-S", "-m", f"deploy.pipeline.{program}", "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.startswith(f"usage: python3 -m deploy.pipeline.{program} [-h] [--target NAME]")


@pytest.mark.parametrize("arguments", [["--target", "a b"], ["--target"], ["staging"], ["--envrionment", "x"]])
def test_a_wrong_option_ends_with_the_code_for_wrong_usage(arguments: list[str]) -> None:
    """And not with argparse's own 2, which would read as a rollback that failed."""
    command = [sys.executable, "-m", "deploy.pipeline.ship", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == ExitCode.USAGE
    assert done.stderr.startswith("usage: python3 -m deploy.pipeline.ship [-h] [--target NAME]\n")


@pytest.mark.parametrize(("arguments", "name"), [([], "production"), (["--target", "staging"], "staging")])
def test_without_a_target_production_is_meant(monkeypatch: pytest.MonkeyPatch, arguments: list[str], name: str) -> None:
    monkeypatch.setattr(sys, "argv", ["x", *arguments])
    seen: list[Target] = []

    def main(_: object, target: Target) -> ExitCode:
        seen.append(target)
        return ExitCode.LOCKED

    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as ended:
        run(main, program="x", description=None)
    signal.signal(signal.SIGTERM, before)

    assert (seen, ended.value.code) == ([Target(name)], 75)


INTERRUPTED = """import signal
from deploy.pipeline.command_line import run
run(lambda *_: signal.raise_signal(signal.{name}), program="plan", description=None)
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("has_summary", [True, False])
def test_a_program_that_is_interrupted_says_so_wherever_it_can(tmp_path: Path, name: str, *, has_summary: bool) -> None:
    summary = tmp_path / "summary"
    command = [sys.executable, "-c", INTERRUPTED.format(name=name)]
    environment = os.environ | ({"GITHUB_STEP_SUMMARY": str(summary)} if has_summary else {})
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (ExitCode.INTERRUPTED, "")
    assert ("cancelled in this step (plan)" in done.stdout) is has_summary
    assert summary.exists() is has_summary


def test_the_workflow_interrupts_the_programs_themselves() -> None:
    """A shell that waits for one keeps GitHub's SIGINT to itself."""
    lines = (ROOT / ".github/workflows/target.yml").read_text().splitlines()
    called = [line.strip() for line in lines if "-m deploy.pipeline." in line]

    assert called
    assert [line for line in called if not line.startswith("run: exec python3 -m deploy.pipeline.")] == []
