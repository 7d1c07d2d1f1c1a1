"""The search brings what it finds in time, and never more trouble than nothing at all."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

import pytest
from support.code_search import ALL_CALLS, NOW, SUSPECT, Repository, research_in, told
from support.repository_stand_in import SHA
from support.service import eventually

from booty.observability.delivery.code_search.research import PATIENCE_SECONDS, QUIET_SECONDS
from booty.observability.issues.outcomes import Refused, Unknown
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.problems.seen_releases import ReleaseBook


def test_waits_no_longer_than_its_patience_to_learn_which_commits_are_trusted(
    repository: Repository, store: SqliteEngine
) -> None:
    repository.hangs = {"tag"}
    repository.strange = {"b" * 40}

    assert research_in(repository, store, patience=PATIENCE_SECONDS).trusted([SHA, "b" * 40], now=NOW) == {SHA}


def test_still_links_what_it_knows_while_it_asks_nothing(repository: Repository, store: SqliteEngine) -> None:
    repository.failures = {"suspects": Unknown("500")}
    research = research_in(repository, store)
    first, second = (research.gather(told(), now=NOW + seconds) for seconds in (0, 1))

    assert first == second
    assert repository.asked == ALL_CALLS[:-1]


def test_waits_no_longer_than_its_patience_and_only_once(repository: Repository, store: SqliteEngine) -> None:
    repository.hangs = {"paths"}
    research = research_in(repository, store, patience=0.2)
    began_at = time.monotonic()

    assert [research.gather(told(), now=NOW + number) for number in range(20)] == [None] * 20
    assert 0.2 <= time.monotonic() - began_at < 1.5
    assert repository.asked == ["branch 3f6c1d0", "paths 3f6c1d0"]


def test_begins_no_second_search_while_one_hangs_however_long(repository: Repository, store: SqliteEngine) -> None:
    repository.hangs = {"paths"}
    research = research_in(repository, store, patience=0.1)
    for number in range(3):
        research.gather(told(), now=NOW + number * QUIET_SECONDS * 2)

    assert repository.asked == ["branch 3f6c1d0", "paths 3f6c1d0"]


def test_keeps_an_answer_that_came_too_late_for_the_next_alert(repository: Repository, store: SqliteEngine) -> None:
    repository.hangs = {"paths"}
    research = research_in(repository, store, patience=PATIENCE_SECONDS)
    assert research.gather(told(), now=NOW) is None

    repository.released.set()
    assert eventually(lambda: ReleaseBook(store).paths(SHA) is not None)
    found = research.gather(told(), now=NOW + 1)

    assert found is not None
    assert found.crash is not None
    assert repository.asked == ["branch 3f6c1d0", "paths 3f6c1d0"]


@pytest.mark.parametrize("question", ["date", "suspects"])
def test_brings_the_links_when_only_the_suspects_hang(
    repository: Repository, store: SqliteEngine, question: str
) -> None:
    repository.hangs = {question}
    found = research_in(repository, store, patience=PATIENCE_SECONDS).gather(told(), now=NOW)

    assert found is not None
    assert found.crash is not None
    assert found.suspects == ()


def test_pull_requests_that_come_too_late_are_left_out_and_cost_the_next_alert_nothing(
    repository: Repository, store: SqliteEngine
) -> None:
    repository.hangs, repository.pulls = {"pull"}, {SUSPECT.sha: 12}
    research = research_in(repository, store, patience=PATIENCE_SECONDS)
    first = research.gather(told(), now=NOW)
    repository.released.set()
    assert eventually(lambda: not any(thread.name == "research" for thread in threading.enumerate()))
    second = research.gather(told(), now=NOW + 1)

    assert [each and [suspect.pull for suspect in each.suspects] for each in (first, second)] == [[None], [12]]


def test_has_nothing_when_the_ledger_cannot_be_used(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no directory")

    assert research_in(repository, SqliteEngine(tmp_path / "file")).gather(told(), now=NOW) is None


@pytest.mark.parametrize("question", ["branch", "paths"])
def test_tells_the_operator_which_permission_is_missing(
    repository: Repository, store: SqliteEngine, caplog: pytest.LogCaptureFixture, question: str
) -> None:
    repository.failures = {question: Refused("GitHub answered 403: Resource not accessible")}
    with caplog.at_level(logging.WARNING):
        research_in(repository, store).gather(told(), now=NOW)

    (record,) = caplog.records
    assert record.message == "provenance_refused"
    assert vars(record)["remedy"].startswith("give GITHUB_TOKEN, or the App, 'contents: read'")
