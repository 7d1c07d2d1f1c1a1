"""The risks of a plan."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.workflow.plans import NEW, PLAN, changes

from deploy.pipeline.planning.approval_page import render
from deploy.pipeline.planning.risks import Plan, Waiting, find_risks


@pytest.mark.parametrize(
    "path",
    [".github/workflows/deploy.yml", "deploy/pipeline/plan.py", "deploy.sh", ".gitattributes", "deploy/droplet/setup"],
)
def test_what_changes_the_deploy_stands_first(path: str) -> None:
    plan = replace(PLAN, warnings=("Nobody can approve",), changes=changes("requirements.txt", path, removed=1))

    assert f"change** (`{path}`)" in find_risks(plan)[0].replace("changes**", "change**")


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (replace(PLAN, changes=changes("requirements.txt")), "**Dependencies change** (`requirements.txt`)"),
        (replace(PLAN, changes=changes("deploy/droplet/systemd/booty@.service")), "run `./deploy.sh setup`"),
        (replace(PLAN, changes=changes("deploy.sh")), "**The deploy itself changes** (`deploy.sh`)"),
        (
            replace(PLAN, changes=changes("deploy/pipeline/ship.py")),
            "**The pipeline changes** (`deploy/pipeline/ship",
        ),
        (replace(PLAN, changes=changes(".github/workflows/deploy.yml")), "**The workflows change**"),
        (
            replace(PLAN, changes=changes(added=0, removed=2)),
            "than what runs: production loses 2 commits",
        ),
        (
            replace(PLAN, changes=changes(added=1, removed=1)),
            "It diverges from the running release",
        ),
        (replace(PLAN, served=NEW, changes=changes(added=0)), "It is already running"),
        (
            replace(PLAN, waiting=(Waiting(41, "https://x", "3" * 40, included=True),)),
            "It includes a release",
        ),
        (replace(PLAN, waiting=(Waiting(43, "https://x", "3" * 40, included=False),)), "Another run is waiting"),
        (replace(PLAN, changes=None), "The running release, `111111111111`, is not in this repository"),
        (
            replace(PLAN, served=None, changes=None),
            "the droplet refuses it: to go back while the public address is silent",
        ),
        (replace(PLAN, warnings=("Nobody can\napprove",)), "Nobody can approve"),
    ],
)
def test_says_what_is_unusual(plan: Plan, words: str) -> None:
    assert [words in line for line in find_risks(plan)] == [True]
    assert f"### ⚠️ Unusual\n\n- {find_risks(plan)[0]}\n" in render(plan)
