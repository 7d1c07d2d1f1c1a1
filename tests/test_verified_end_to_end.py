"""A closed issue, seen from outside: quiet in a later release, it is verified once, over workers that are killed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.github_stand_in import Fault
from support.repository_stand_in import RepositoryStandIn
from support.sentry_events import PROJECT, body_of
from support.service import Service, eventually

A, B = "a" * 40, "b" * 40
OLD, NEW = f"booty@{A}", f"booty@{B}"
SECONDS = 20.0


@pytest.fixture
def github() -> Iterator[RepositoryStandIn]:
    with RepositoryStandIn(["src/shop/store.py"]) as stand_in:
        stand_in.standings |= {A: "behind", B: "behind"}
        yield stand_in


def alert(issue: int, release: str, number: int) -> bytes:
    """Return the body of one event of a problem."""
    named = {"project": PROJECT, "issue_id": str(issue), "event_id": f"{number:032x}", "level": "error"}
    event = named | {"release": release, "environment": "production"}
    return body_of({"action": "triggered", "data": {"event": event, "triggered_rule": "any"}})


def labels(github: RepositoryStandIn) -> list[str]:
    return [label["name"] for label in github.issues[0]["labels"]]


def said(github: RepositoryStandIn) -> int:
    return sum("**Verified fixed.**" in each["body"] for each in github.comments.get(1, []))


def test_a_closed_issue_is_verified_once_though_the_workers_are_killed_while_they_say_so(
    github: RepositoryStandIn, tmp_path: Path
) -> None:
    environ = github.environ | {"OBSV_VERIFY_DAYS": str(SECONDS / 86400), "WEB_CONCURRENCY": "2"}
    with Service(tmp_path / "state", environ) as service:
        service.post(alert(1, OLD, 1))
        assert eventually(lambda: len(github.issues) == 1)
        github.change(1, state="closed", state_reason="completed")
        service.post(alert(2, NEW, 2))
        assert eventually(lambda: len(github.issues) == 2)
        github.fail(Fault(manner="hang", creates=True), times=1)  # the next write is done, and never answered
        assert eventually(lambda: said(github) == 1, within=180)
        service.kill()
        service.start()

        assert eventually(lambda: len(service.events("issue_verified")) == 1, within=120)
        assert (said(github), labels(github).count("verified")) == (1, 1)
