"""What is weak about the way to a release, said once it is set up."""

from __future__ import annotations

import pytest
from support.workflow import github_bodies as bodies
from support.workflow.steps import Step

from deploy.pipeline import gate
from deploy.pipeline.target import PRODUCTION


def test_a_gate_without_a_weakness(step: Step, capsys: pytest.CaptureFixture[str]) -> None:
    assert gate.main(step.environment, PRODUCTION) == 0
    assert capsys.readouterr().out.startswith("Nothing weak was found about the gate of production")


def test_lists_every_weakness(step: Step, capsys: pytest.CaptureFixture[str]) -> None:
    outside = step.project.outside
    outside.teach("GET environments/production", bodies.environment("anne", can_admins_bypass=True, branches=False))
    outside.teach("GET rules/branches/main", [])

    assert gate.main(step.environment, PRODUCTION) == 1
    assert [line.split(" ", 3)[1:3] for line in capsys.readouterr().out.splitlines()] == [
        ["Administrators", "may"],
        ["Every", "branch"],
        ["No", "rule"],
    ]


def test_an_open_gate_is_the_first_of_them(step: Step, capsys: pytest.CaptureFixture[str]) -> None:
    step.project.outside.teach("GET environments/production", {}, status=404)
    (step.project.folder / "CODEOWNERS").unlink()
    step.project.commit("Own nothing")

    assert gate.main(step.environment, PRODUCTION) == 1
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("- The Environment `production` does not exist.")
    assert second.startswith("- Nobody owns")
