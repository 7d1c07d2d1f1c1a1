"""What docs/approving.md says of the workflow is what the workflow has."""

from __future__ import annotations

import ast
import json
import re

import pytest
from githubkit.versions.v2022_11_28 import models
from support.pages import blocks, codes, page, rows, section
from support.service import ROOT

from deploy.pipeline.planning.code_owners import unowned
from deploy.pipeline.planning.ownership import NEW_FILES

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


def test_github_takes_the_ruleset_that_is_shown_and_it_asks_the_owners() -> None:
    (commands,) = blocks(section(APPROVING, "Who may change the deploy"), "sh")
    ruleset = json.loads(commands.split("<<'JSON'\n")[1].removesuffix("JSON\n"))

    assert models.ReposOwnerRepoRulesetsPostBody.model_validate(ruleset).enforcement == "active"
    (rule,) = (each for each in ruleset["rules"] if each["type"] == "pull_request")
    models.RepositoryRulePullRequest.model_validate(rule)
    assert rule["parameters"]["require_code_owner_review"] is True


def test_the_owners_that_are_shown_own_what_deploys() -> None:
    (commands,) = blocks(section(APPROVING, "Who may change the deploy"), "sh")
    patterns = re.findall(r"(/\S+)(?= .*>CODEOWNERS$)", commands, re.MULTILINE)
    files = [*NEW_FILES, ".github/workflows/deploy.yml", "deploy/pipeline/plan.py", "deploy.sh", "CODEOWNERS"]

    assert unowned(files, text="".join(f"{pattern} @anne\n" for pattern in patterns)) == []


def test_the_jobs_that_are_listed_are_the_workflows() -> None:
    listed = {job.partition(",")[0] for job, *_ in rows(section(APPROVING, "When a run is red"), "job")}

    assert listed == set(re.findall(r"^  (\w+):\n    name:", WORKFLOW, re.MULTILINE)) - CALLERS
