"""The Environment's protection: who must approve, and what weakens that."""

from __future__ import annotations

from typing import Any

import pytest
from support.workflow import github_bodies as bodies

from deploy.pipeline.planning.protection import Protection, read_protection
from deploy.pipeline.target import PRODUCTION


def test_reads_who_must_approve() -> None:
    protection = read_protection(bodies.environment("anne", teams=("deck",), prevent_self_review=True))

    assert protection == Protection(
        users=("anne",), teams=("deck",), prevents_self_review=True, lets_admins_bypass=False, lets_any_branch=False
    )
    assert protection.is_closed


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"protection_rules": None},
        {"protection_rules": []},
        {"protection_rules": [{"type": "branch_policy"}, {"type": "wait_timer", "wait_timer": 30}]},
        {"protection_rules": [{"type": "required_reviewers", "reviewers": []}]},
        {"protection_rules": [{"type": "required_reviewers"}]},
        {"protection_rules": [{"type": "required_reviewers", "reviewers": [{"type": "User", "reviewer": None}]}]},
        {"protection_rules": [{"type": "something_new", "reviewers": [{"type": "User", "reviewer": {"login": "x"}}]}]},
    ],
)
def test_what_is_not_understood_counts_as_open(environment: dict[str, Any]) -> None:
    assert not read_protection(environment).is_closed


@pytest.mark.parametrize(
    ("users", "teams", "actor", "words"),
    [
        (("anne",), (), "Anne", "Nobody can approve this run"),
        (("anne",), (), "mary", "a run that `anne` starts can never be approved"),
    ],
)
def test_warns_of_a_reviewer_who_stands_alone(
    users: tuple[str, ...], teams: tuple[str, ...], actor: str, words: str
) -> None:
    protection = read_protection(bodies.environment(*users, teams=teams, prevent_self_review=True))

    assert [words in warning for warning in protection.warnings(actor=actor, target=PRODUCTION)] == [True]


@pytest.mark.parametrize(
    "environment",
    [
        bodies.environment("anne", "mary", prevent_self_review=True),
        bodies.environment("anne", teams=("deck",), prevent_self_review=True),
        bodies.environment("anne"),
    ],
)
def test_says_nothing_where_somebody_can_approve(environment: dict[str, Any]) -> None:
    assert read_protection(environment).warnings(actor="anne", target=PRODUCTION) == []


def test_warns_of_administrators_who_bypass_and_of_any_branch() -> None:
    protection = read_protection(bodies.environment("anne", can_admins_bypass=True, branches=False))

    found = protection.warnings(actor="anne", target=PRODUCTION)

    assert [warning.split()[0] for warning in found] == [
        "Administrators",
        "Every",
    ]
