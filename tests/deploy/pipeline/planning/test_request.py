"""The request: what was asked for, and whether that goes back."""

from __future__ import annotations

import pytest
from support.workflow.throwaway import Project

from deploy.pipeline.github.actions import Refused
from deploy.pipeline.planning.clone import Clone
from deploy.pipeline.planning.request import Request, choose_verb, read_request

PUSH = {"GITHUB_REF": "refs/heads/main", "GITHUB_EVENT_NAME": "push", "GITHUB_SHA": "1" * 40}


BY_HAND = {**PUSH, "GITHUB_EVENT_NAME": "workflow_dispatch"}


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        (PUSH, Request(sha="1" * 40, by_hand=False)),
        (BY_HAND, Request(sha="1" * 40, by_hand=True)),
        ({**BY_HAND, "RELEASE_INPUT": "2" * 40}, Request(sha="2" * 40, by_hand=True)),
        ({**BY_HAND, "RELEASE_INPUT": "previous"}, Request(sha=None, by_hand=True)),
        ({**PUSH, "RELEASE_INPUT": "previous"}, Request(sha="1" * 40, by_hand=False)),
    ],
)
def test_reads_what_is_asked_for(environment: dict[str, str], expected: Request) -> None:
    assert read_request(environment) == expected


@pytest.mark.parametrize("asked", ["main", "1" * 39, "1" * 41, "A" * 40, "previous;id", "1" * 40 + "\n1"])
def test_refuses_what_is_no_release(asked: str) -> None:
    with pytest.raises(Refused, match="must be a full commit SHA"):
        read_request({**BY_HAND, "RELEASE_INPUT": asked})


@pytest.mark.parametrize("ref", ["refs/heads/main2", "refs/tags/main", "refs/heads/x", ""])
def test_refuses_whatever_is_not_main(ref: str) -> None:
    with pytest.raises(Refused, match="from main only"):
        read_request({**BY_HAND, "GITHUB_REF": ref})


def test_only_a_person_goes_back(project: Project) -> None:
    old, new = project.git("rev-parse", "HEAD"), project.commit("Then")
    clone = Clone(project.folder)

    assert choose_verb(Request(sha=new, by_hand=True), served=old, clone=clone) == "deploy"
    assert choose_verb(Request(sha=old, by_hand=True), served=new, clone=clone) == "rollback"
    assert choose_verb(Request(sha=old, by_hand=False), served=new, clone=clone) == "deploy"
    assert choose_verb(Request(sha=old, by_hand=True), served=old, clone=clone) == "deploy"
    assert choose_verb(Request(sha=old, by_hand=True), served=None, clone=clone) == "deploy"
    assert choose_verb(Request(sha=old, by_hand=True), served="9" * 40, clone=clone) == "deploy"
    assert choose_verb(Request(sha=None, by_hand=True), served=old, clone=clone) == "rollback"
