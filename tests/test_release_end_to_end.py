"""A deploy, seen from outside: of all problems that come after it, the one that came with it proposes to go back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.github_stand_in import Fault
from support.repository_stand_in import RepositoryStandIn
from support.sentry_events import PROJECT, body_of, sample
from support.service import Service, eventually

A, B = "a" * 40, "b" * 40
OLD, NEW = f"booty@{A}", f"booty@{B}"
FORKS = f"booty@{'f' * 40}"
MADE_UP = (FORKS, f"booty@{B}x", f"booty@{B}@{FORKS}", f"<!-- booty@{B} -->", f"other@{B}", B, "booty@1.2", "a`b@c")


@pytest.fixture
def github() -> Iterator[RepositoryStandIn]:
    with RepositoryStandIn(["src/shop/store.py"]) as stand_in:
        stand_in.standings |= {A: "behind", B: "behind"}
        yield stand_in


@pytest.fixture
def service(github: RepositoryStandIn, tmp_path: Path) -> Iterator[Service]:
    with Service(tmp_path / "state", github.environ | {"OBSV_COOLDOWN_HOURS": "0.0000001"}) as running:
        yield running


def alert(issue: int, release: str, number: int) -> bytes:
    """Return the body of one event of a problem."""
    named = {"project": PROJECT, "issue_id": str(issue), "event_id": f"{number:032x}", "level": "error"}
    event = named | {"release": release, "environment": "production"}
    return body_of({"action": "triggered", "data": {"event": event, "triggered_rule": "any"}})


def bring(service: Service, issue: int, release: str, number: int) -> None:
    """Let a problem occur, and wait until its issue shows it."""
    done = len(service.events("issue_filed")) + len(service.events("issue_followed"))
    assert service.post(alert(issue, release, number)).status == 202
    assert eventually(
        lambda: len(service.events("issue_filed")) + len(service.events("issue_followed")) == done + 1, within=60
    )


def proposals(github: RepositoryStandIn) -> list[int]:
    """Return the issues that propose anything, in whatever they say."""
    said = {issue["number"]: [issue["body"]] for issue in github.issues}
    for number, comments in github.comments.items():
        said[number] += [comment["body"] for comment in comments]
    return [number for number, texts in said.items() if any("deploy.sh rollback" in text for text in texts)]


def test_of_an_old_a_new_and_a_regressed_problem_the_new_one_alone_proposes_to_go_back(
    github: RepositoryStandIn, service: Service
) -> None:
    bring(service, 1, OLD, 1)
    bring(service, 2, OLD, 2)
    github.change(2, state="closed", state_reason="completed")
    bring(service, 1, NEW, 3)
    bring(service, 2, NEW, 4)
    bring(service, 3, NEW, 5)

    assert (len(github.issues), github.issues[1]["state"]) == (3, "open")
    assert proposals(github) == [3]
    body = github.issues[2]["body"]
    assert f"**New in `{NEW}`**, live for less than a minute when this was first seen: [what changed](" in body
    assert f"https://github.com/acme/shop/compare/{A}...{B}" in body
    assert "https://github.com/acme/shop/actions/workflows/deploy.yml" in body


def test_a_made_up_name_of_a_release_proposes_nothing(github: RepositoryStandIn, service: Service) -> None:
    bring(service, 1, OLD, 1)
    for number, name in enumerate(MADE_UP, start=2):
        bring(service, number, name, number)

    assert proposals(github) == []


def test_github_was_away_meanwhile_and_the_new_problem_proposes_all_the_same(
    github: RepositoryStandIn, service: Service
) -> None:
    bring(service, 1, OLD, 1)
    github.faults = {"compare": Fault(503), "tree": Fault(503)}
    github.fail(Fault(429, {"Retry-After": "2"}), times=1)
    assert service.post(alert(2, NEW, 2)).status == 202
    assert eventually(lambda: len(service.events("delivery_postponed")) > 0)
    github.faults = {}

    assert eventually(lambda: len(github.issues) == 2, within=60)
    assert proposals(github) == [2]


def test_a_problem_that_sentry_saw_before_the_release_proposes_nothing(
    github: RepositoryStandIn, service: Service
) -> None:
    bring(service, 1, OLD, 1)
    created = sample("issue.created")
    project = {"id": str(PROJECT), "slug": "booty"}
    created["data"]["issue"] |= {"id": "2", "project": project, "firstSeen": "2026-11-01T00:00:00Z"}
    service.post(body_of(created), resource="issue")
    bring(service, 2, NEW, 2)

    assert proposals(github) == []
