"""What is found of an alert's code, and what is asked for it."""

from __future__ import annotations

import pytest
from support.code_search import ALL_CALLS, BLOB, NOW, PAGE, SUSPECT, Repository, release, research_in, told
from support.ledger_doors import Ledger
from support.repository_stand_in import SHA

from booty.observability.alerts.filters import Verdict
from booty.observability.delivery.code_search.research import QUIET_SECONDS
from booty.observability.delivery.code_search.search import FRESH_SECONDS, Wanted
from booty.observability.issues.code.code_context import Comparison
from booty.observability.issues.outcomes import Postponed, Refused, Unknown
from booty.observability.ledger.engines.sqlite import SqliteEngine


def test_finds_links_suspects_and_the_release_before(repository: Repository, store: SqliteEngine) -> None:
    research = research_in(repository, store)
    research.gather(told(release("b")), now=NOW - 60)

    found = research.gather(told(), now=NOW)

    assert found is not None
    assert found.crash is not None
    assert found.crash.url == f"{BLOB}/src/shop/store.py#L13-L17"
    assert [link.url for link in found.calls] == [f"{BLOB}/src/shop/web.py#L17", f"{BLOB}/src/shop/store.py#L13"]
    assert found.suspects == (SUSPECT,)
    assert found.comparison == Comparison("b" * 40, SHA, f"{PAGE}/compare/{'b' * 40}...{SHA}", is_fresh=True)


def test_asks_for_files_and_date_of_a_release_once_whatever_process_asks(
    repository: Repository, store: SqliteEngine
) -> None:
    first, second = research_in(repository, store), research_in(repository, SqliteEngine(store.directory))
    for research in (first, first, second):
        research.gather(told(), now=NOW)

    assert repository.asked[:3] == ["branch 3f6c1d0", "paths 3f6c1d0", "date 3f6c1d0"]
    assert repository.asked[3:] == ["suspects 3f6c1d0 src/shop/store.py", "pull aaaaaaa"] * 3


@pytest.mark.parametrize(
    "name", [None, "", "shop@4.18.2", f"booty@{SHA[:12]}", f"{SHA}0", f"booty@x{SHA}", f"booty@{SHA}x", SHA.upper()]
)
def test_asks_nothing_about_a_release_that_names_no_commit(
    repository: Repository, store: SqliteEngine, name: str | None
) -> None:
    assert research_in(repository, store).gather(told(name), now=NOW) is None
    assert repository.asked == []


def test_an_error_is_fresh_for_an_hour_after_the_first_alert_of_its_release(
    repository: Repository, store: SqliteEngine
) -> None:
    research = research_in(repository, store)
    research.gather(told(release("b")), now=NOW - 99_999)
    moments = (NOW, NOW + FRESH_SECONDS, NOW + FRESH_SECONDS + 1)
    found = [research.gather(told(), now=now) for now in moments]

    assert [each and each.comparison and each.comparison.is_fresh for each in found] == [True, True, False]


def test_compares_with_a_release_that_was_seen_in_a_recurrence_only(
    repository: Repository, store: SqliteEngine
) -> None:
    ledger = Ledger(store.directory, engine=store, keep_seconds=NOW)
    ledger.claims.claim(told(release("b")), lambda _: Verdict.ACCEPTED, now=NOW - 7200)
    ledger.claims.claim(told(release("c")), lambda _: Verdict.COOLDOWN, now=NOW - 3601)
    ledger.claims.claim(told(), lambda _: Verdict.COOLDOWN, now=NOW - 3600.5)
    found = research_in(repository, store).gather(told(), now=NOW)

    assert found is not None
    assert found.comparison is not None
    assert (found.comparison.before, found.comparison.is_fresh) == ("c" * 40, False)


@pytest.mark.parametrize(("name", "environment"), [(release("b"), "staging"), (f"worker@{'b' * 40}", "production")])
def test_compares_only_releases_of_the_same_package_and_environment(
    repository: Repository, store: SqliteEngine, name: str, environment: str
) -> None:
    research = research_in(repository, store)
    research.gather(told(name, environment), now=NOW - 60)
    found = research.gather(told(), now=NOW)

    assert found is not None
    assert found.comparison is None


@pytest.mark.parametrize(
    ("wanted", "asked"),
    [
        (Wanted(links=True, suspects=False), ["branch 3f6c1d0", "paths 3f6c1d0"]),
        (Wanted(links=False, suspects=True), ALL_CALLS),
    ],
)
def test_each_part_can_be_switched_off(
    repository: Repository, store: SqliteEngine, wanted: Wanted, asked: list[str]
) -> None:
    found = research_in(repository, store, wanted).gather(told(), now=NOW)

    assert found is not None
    assert (found.crash is not None, bool(found.calls), bool(found.suspects)) == (
        wanted.links,
        wanted.links,
        wanted.suspects,
    )
    assert repository.asked == asked


@pytest.mark.parametrize("question", ["branch", "tag", "paths"])
@pytest.mark.parametrize(
    "failure", [Refused("403"), Postponed("429", is_limit=True), Unknown("500"), ValueError("bug")]
)
def test_has_nothing_when_commit_or_files_cannot_be_read_and_does_not_ask_again_soon(
    repository: Repository, store: SqliteEngine, question: str, failure: Exception
) -> None:
    repository.failures = {question: failure}
    repository.strange, repository.tagged = {SHA}, {SHA}
    research = research_in(repository, store)

    assert [research.gather(told(), now=now) for now in (NOW, NOW + 1, NOW + QUIET_SECONDS - 1)] == [None] * 3
    assert sum(asked.startswith(question) for asked in repository.asked) == 1

    repository.failures = {}
    assert research.gather(told(), now=NOW + QUIET_SECONDS) is not None


def test_asks_about_other_commits_after_one_that_does_not_exist(repository: Repository, store: SqliteEngine) -> None:
    repository.failures = {"paths": Refused("404")}
    research = research_in(repository, store)
    research.gather(told(release("d")), now=NOW)
    repository.failures = {}

    assert research.gather(told(), now=NOW + 1) is not None
