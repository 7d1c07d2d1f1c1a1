"""The commits that touched the crash, and their pull requests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from support.code_search import NOW, PAGE, SUSPECT, Repository, research_in, told
from support.repository_stand_in import RELEASED_AT

from booty.observability.issues.outcomes import Postponed, Refused, Unknown
from booty.observability.ledger.engines.sqlite import SqliteEngine


@pytest.mark.parametrize(("known", "until"), [(RELEASED_AT, RELEASED_AT), (None, datetime.fromtimestamp(NOW, UTC))])
def test_wants_no_suspect_younger_than_the_release(
    repository: Repository, store: SqliteEngine, known: datetime | None, until: datetime
) -> None:
    repository.date = known
    research = research_in(repository, store)
    research.gather(told(), now=NOW)
    research.gather(told(), now=NOW + 500)

    assert repository.until == until


def test_names_the_pull_request_of_a_suspect_by_its_number_alone(repository: Repository, store: SqliteEngine) -> None:
    repository.pulls = {SUSPECT.sha: 12}
    found = research_in(repository, store).gather(told(), now=NOW)

    assert found is not None
    assert found.suspects == (replace(SUSPECT, pull=12, pull_url=f"{PAGE}/pull/12"),)


@pytest.mark.parametrize("failure", [Refused("403"), Postponed("429"), Unknown("500"), KeyError("bug")])
def test_names_suspects_without_pull_requests_when_these_cannot_be_read(
    repository: Repository, store: SqliteEngine, failure: Exception
) -> None:
    repository.failures = {"pull": failure}
    research = research_in(repository, store)
    found = [research.gather(told(), now=now) for now in (NOW, NOW + 1)]

    assert found[0] is not None
    assert found[0].suspects == (SUSPECT,)
    assert repository.asked.count("pull aaaaaaa") == 1


@pytest.mark.parametrize("question", ["date", "suspects"])
@pytest.mark.parametrize("failure", [Refused("404"), Postponed("429"), Unknown("500"), KeyError("bug")])
def test_links_without_suspects_when_the_commits_cannot_be_read(
    repository: Repository, store: SqliteEngine, question: str, failure: Exception
) -> None:
    repository.failures = {question: failure}
    found = research_in(repository, store).gather(told(), now=NOW)

    assert found is not None
    assert found.crash is not None
    assert found.suspects == ()
