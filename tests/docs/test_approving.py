"""What docs/approving.md says of the workflow is what the workflow has."""

from __future__ import annotations

import ast
import re

import pytest
from support.pages import codes, page, rows, section
from support.service import ROOT

APPROVING = page("docs/approving.md")
WORKFLOW = page(".github/workflows/deploy.yml") + page(".github/workflows/target.yml")
CALLERS = {"staging", "production"}
"""The jobs that are a whole target: what GitHub shows of them are the jobs of target.yml."""


@pytest.fixture(scope="module")
def words() -> str:
    """Return every text that the pipeline or the check may print, for the target `production`, in one line."""
    programs = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "deploy" / "pipeline").rglob("*.py")]
    constants = [node.value for tree in programs for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    texts = [text for text in constants if isinstance(text, str)] + [page(".github/workflows/check.yml")]
    return " ".join(" ".join(texts).replace("{target}", "production").replace("{staging}", "staging").split())


def test_the_settings_that_are_listed_are_those_that_the_workflow_reads() -> None:
    listed = {name for variable, *_ in rows(APPROVING, "variable") for name in codes(variable)}

    assert listed == set(re.findall(r"(?:vars|secrets)\.(\w+)", WORKFLOW))


SAID = [said for _, said, _ in rows(section(APPROVING, "When a run is red"), "job") if "script/test" not in said]


@pytest.mark.parametrize("said", SAID)  # that script/test failed is GitHub's to say
def test_a_red_run_says_what_is_listed(words: str, said: str) -> None:
    assert [part for part in re.split(r"; | / ", said.removeprefix("… ")) if part not in words] == []


def test_the_jobs_that_are_listed_are_the_workflows() -> None:
    listed = {job.partition(",")[0] for job, *_ in rows(section(APPROVING, "When a run is red"), "job")}

    assert listed == set(re.findall(r"^  (\w+):\n    name:", WORKFLOW, re.MULTILINE)) - CALLERS
