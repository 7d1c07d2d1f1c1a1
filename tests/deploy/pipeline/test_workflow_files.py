"""The workflow files: what the linters say, and what no linter knows."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
WORKFLOWS = ROOT / ".github" / "workflows"
DEPLOY = (WORKFLOWS / "deploy.yml").read_text(encoding="utf-8")
TARGET = (WORKFLOWS / "target.yml").read_text(encoding="utf-8")
STEP = re.compile(r"^( *)(?:- )?run: (?:\|\n((?:\1  .*\n|\n)+)|(.*)\n)", re.MULTILINE)


def jobs_of(workflow: str) -> dict[str, str]:
    """Split a workflow into its jobs."""
    parts = re.split(r"^  (\w+):\n", workflow.split("\njobs:\n")[1], flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize(
    "command",
    [
        ["actionlint"],  # with shellcheck over every `run`
        ["zizmor", "--offline", "--no-progress", "--quiet", ".github"],
    ],
    ids=lambda command: str(command[0]),
)
def test_linters_find_nothing(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_every_action_is_pinned_by_a_commit() -> None:
    uses = re.findall(r"uses: (\S+)", "".join(file.read_text() for file in WORKFLOWS.glob("*.yml")))

    assert len(uses) >= 6
    assert [
        use
        for use in uses
        if not re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}|\./\.github/workflows/(check|target)\.yml", use)
    ] == []


def test_no_expression_stands_inside_a_script() -> None:
    scripts = [match[2] or match[3] for file in WORKFLOWS.glob("*.yml") for match in STEP.finditer(file.read_text())]

    assert len(scripts) == 12
    assert [script for script in scripts if "${{" in script] == []


def test_only_the_job_behind_the_gate_names_secrets_and_the_environment() -> None:
    jobs = jobs_of(TARGET)

    assert list(jobs) == ["plan", "tag", "deploy", "record"]
    assert [name for name, text in jobs.items() if "secrets." in text] == ["deploy"]
    assert [name for name, text in jobs.items() if "environment:" in text] == ["deploy"]


def test_a_target_is_called_with_the_secrets_that_it_names_and_no_others() -> None:
    """A called workflow sees a secret of its Environment only if its caller names it; the caller itself has none."""
    declared = re.findall(r"^      ([A-Z_]+):\n        required: false", TARGET, re.MULTILINE)
    calls = {name: text for name, text in jobs_of(DEPLOY).items() if "target.yml" in text}

    assert declared == ["DEPLOY_SSH_KEY", "SENTRY_AUTH_TOKEN"]
    assert {
        name: re.findall(r"^      ([A-Z_]+): \$\{\{ secrets\.\1 \}\}", text, re.MULTILINE)
        for name, text in calls.items()
    } == {"staging": declared, "production": declared}
    assert "secrets: inherit" not in DEPLOY


def test_nothing_is_permitted_that_a_job_does_not_name() -> None:
    permitted = re.compile(r"^      (\w+): (read|write)", re.MULTILINE)

    assert "\npermissions: {}\n" in DEPLOY
    assert "\npermissions: {}\n" in TARGET
    assert {name: sorted(permitted.findall(text)) for name, text in jobs_of(TARGET).items()} == {
        "plan": [("actions", "read"), ("contents", "read"), ("deployments", "read")],
        "tag": [("contents", "write")],
        "deploy": [("actions", "read"), ("contents", "read")],
        "record": [("contents", "write")],
    }


def test_the_workflow_asks_for_programs_of_the_interface_that_these_have() -> None:
    (asked,) = re.findall(r"^ +INTERFACE: (\d+)", TARGET, re.MULTILINE)

    assert asked == (ROOT / "deploy/pipeline/interface").read_text().strip()


def test_a_run_that_waits_for_its_approval_holds_no_lock() -> None:
    assert not re.search(r"^\s*concurrency:", DEPLOY + TARGET, re.MULTILINE)


def test_no_host_key_is_fetched_at_deploy_time() -> None:
    texts = [file.read_text() for file in (*WORKFLOWS.glob("*.yml"), *(ROOT / "deploy" / "pipeline").rglob("*.py"))]

    assert len(texts) > 10
    assert [text for text in texts if "keyscan" in text or "StrictHostKeyChecking" in text] == []


def test_the_folder_of_github_holds_yaml_only() -> None:
    listed = subprocess.check_output(["git", "ls-files", ".github"], cwd=ROOT, text=True).split()

    assert {Path(name).suffix for name in listed} == {".yml"}
