"""A real service is killed, Sentry goes on seeing things, the service comes back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.github_stand_in import GitHubStandIn
from support.sentry_events import PROJECT, body_of
from support.sentry_stand_in import SentryStandIn
from support.service import Service, eventually

from booty.observability.issues.page.notice import RECONCILED
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.with_sentry.absences import ALIVE

QUIET = {"OBSV_PERMALINKS": "0", "OBSV_SUSPECTS": "0"}
RELEASE = f"booty@{'a' * 40}"


@pytest.fixture
def sentry() -> Iterator[SentryStandIn]:
    with SentryStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def github() -> Iterator[GitHubStandIn]:
    with GitHubStandIn() as stand_in:
        yield stand_in


def age(service: Service, seconds: float) -> None:
    """Let the service have been away for so long, by its own note."""
    engine = SqliteEngine(service.state)
    engine.transact(lambda shelf: shelf.update({ALIVE: shelf[ALIVE] - seconds}))
    engine.close()


def filed(github: GitHubStandIn) -> list[str]:
    return sorted(issue["body"].rpartition(f"fingerprint={PROJECT}:")[2].partition(" ")[0] for issue in github.issues)


def test_what_sentry_saw_while_the_service_was_killed_is_filed(
    tmp_path: Path, sentry: SentryStandIn, github: GitHubStandIn
) -> None:
    with Service(tmp_path / "state", github.environ | sentry.environ | QUIET) as service:
        now = time.time()
        for number in (1, 2):
            sentry.see(number, first=now - 60, release=RELEASE)
            assert service.post(body_of(sentry.webhook(number))).status == 202
        assert eventually(lambda: len(service.events("issue_filed")) == len(github.issues) == 2)
        github.change(2, state="closed", state_reason="completed")
        service.kill()
        age(service, 600)

        sentry.see(2, first=now - 60, regressed=time.time(), release=f"booty@{'b' * 40}")
        for number in (3, 4):
            sentry.see(number, first=time.time() - 300, release=RELEASE)
        service.start()

        assert eventually(lambda: filed(github) == ["1", "2", "3", "4"])
        assert eventually(lambda: github.issues[1]["state"] == "open", within=90)
        assert service.post(body_of(sentry.webhook(3))).status == 200
        assert eventually(lambda: set(sentry.links) == {"1", "2", "3", "4"})

    assert [RECONCILED in issue["body"] for issue in github.issues] == [False, False, True, True]
    assert RECONCILED in github.comments[2][-1]["body"]
    assert len(github.posts()) == 4
    numbers = [issue["number"] for issue in github.issues]
    assert {link["displayName"] for link in sentry.links.values()} == {f"acme/shop#{number}" for number in numbers}
