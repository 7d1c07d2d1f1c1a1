"""The workflows that docs/agents.md shows are workflows: what the linters say of each, and what the page promises."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml
from support.pages import page

from booty.observability.alerts.handover.terms import AGENT, TRIAGE
from booty.observability.config.environment import KNOWN
from booty.observability.issues.page.notice import OF_AN_ISSUE

PAGE = page("docs/agents.md")
WORKFLOWS = {
    name: text for text, name in re.findall(r"```yaml\n(# \.github/workflows/([\w-]+\.yml)\n.*?)```", PAGE, re.DOTALL)
}
AGENTIC = re.search(r"```markdown\n---\n(.*?)\n---\n(.*?)```", PAGE, re.DOTALL)
FRONTMATTER = {"on", "permissions", "engine", "network", "tools", "safe-outputs", "timeout-minutes"}
"""The fields that https://github.github.com/gh-aw/reference/frontmatter/ lists, as far as they are shown."""


def test_a_workflow_is_shown_for_the_coding_agent_and_for_a_plain_job() -> None:
    assert sorted(WORKFLOWS) == ["copilot-setup-steps.yml", "fix-error.yml"]


@pytest.mark.parametrize("name", WORKFLOWS)
@pytest.mark.parametrize("linter", [["actionlint"], ["zizmor", "--offline", "--no-progress", "--quiet"]], ids=str)
def test_the_linters_find_nothing_in_it(linter: list[str], name: str, tmp_path: Path) -> None:
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / name).write_text(WORKFLOWS[name])
    done = subprocess.run([*linter, folder / name], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", WORKFLOWS)
def test_no_text_from_outside_becomes_part_of_a_script(name: str) -> None:
    steps = [step for job in yaml.safe_load(WORKFLOWS[name])["jobs"].values() for step in job["steps"]]

    assert [step["run"] for step in steps if "${{" in step.get("run", "")] == []


def test_the_job_that_runs_the_agent_can_only_read() -> None:
    jobs = yaml.safe_load(WORKFLOWS["fix-error.yml"])["jobs"]

    assert set(jobs["propose"]["permissions"].values()) == {"read"}
    assert "secrets." not in str(jobs["open"])


def test_the_coding_agent_s_job_has_the_name_that_github_looks_for() -> None:
    assert list(yaml.safe_load(WORKFLOWS["copilot-setup-steps.yml"])["jobs"]) == ["copilot-setup-steps"]


def test_the_agentic_workflow_reads_and_leaves_the_writing_to_safe_outputs() -> None:
    assert AGENTIC is not None
    front = yaml.safe_load(AGENTIC[1].replace("\non:", "\n'on':").replace("on:\n", "'on':\n", 1))

    assert set(front) == FRONTMATTER
    assert set(front["permissions"].values()) == {"read"}
    assert front["on"]["issues"] == {"types": ["labeled"], "names": ["agent:builder"]}
    assert list(front["safe-outputs"]) == ["create-pull-request"]
    assert "github.event.issue.title" not in AGENTIC[2]


def test_the_notice_is_quoted_as_the_issues_have_it() -> None:
    quoted = " ".join(line.removeprefix("> ") for line in re.findall(r"^> .*$", PAGE, re.MULTILINE))

    assert quoted == OF_AN_ISSUE.removeprefix("> ")


def test_every_setting_and_every_log_event_of_the_hand_over_is_named() -> None:
    for name in KNOWN:
        assert not name.startswith(("OBSV_HANDOVER", "OBSV_PROTECTED")) or name in PAGE
    for event in ("labels_dropped", "assignees_dropped", "agent_dropped", TRIAGE, AGENT):
        assert event in PAGE
