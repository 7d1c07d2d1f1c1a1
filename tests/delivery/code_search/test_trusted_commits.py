"""Only the repository's own commits are linked, or compared with."""

from __future__ import annotations

import pytest
from support.code_search import NOW, Repository, release, research_in, told
from support.repository_stand_in import SHA

from booty.observability.delivery.code_search.research import QUIET_SECONDS
from booty.observability.issues.code.code_context import CodeContext
from booty.observability.issues.outcomes import Postponed, Refused, Unknown
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.problems.seen_releases import ReleaseBook


def test_says_so_where_the_commit_is_not_the_repositorys_and_asks_for_no_more(
    repository: Repository, store: SqliteEngine
) -> None:
    repository.strange = {SHA}
    research = research_in(repository, store)
    found = [research.gather(told(), now=now) for now in (NOW, NOW + 1, NOW + QUIET_SECONDS - 1)]

    assert found == [CodeContext(is_untrusted=True)] * 3
    assert repository.asked == ["branch 3f6c1d0", "tag 3f6c1d0"]

    repository.strange = set()  # it was merged
    assert research.gather(told(), now=NOW + QUIET_SECONDS) not in {None, CodeContext(is_untrusted=True)}


def test_trusts_what_our_own_tag_names(repository: Repository, store: SqliteEngine) -> None:
    repository.strange, repository.tagged = {SHA}, {SHA}
    found = research_in(repository, store).gather(told(), now=NOW)

    assert found is not None
    assert found.crash is not None


def test_links_nothing_of_an_untrusted_commit_whose_files_were_kept_before(
    repository: Repository, store: SqliteEngine
) -> None:
    ReleaseBook(store).keep_paths(SHA, ("src/shop/store.py", "src/shop/web.py"))
    repository.strange = {SHA}

    assert research_in(repository, store).gather(told(), now=NOW) == CodeContext(is_untrusted=True)


def test_compares_with_no_commit_that_is_not_trusted(repository: Repository, store: SqliteEngine) -> None:
    repository.strange = {"b" * 40}
    research = research_in(repository, store)
    research.gather(told(release("b")), now=NOW - 60)
    found = research.gather(told(), now=NOW)

    assert found is not None
    assert found.crash is not None
    assert found.comparison is None


def test_tells_which_commits_are_trusted_and_asks_once(repository: Repository, store: SqliteEngine) -> None:
    repository.strange = {"b" * 40}
    first, second = research_in(repository, store), research_in(repository, SqliteEngine(store.directory))

    assert first.trusted([SHA, "b" * 40], now=NOW) == second.trusted([SHA], now=NOW) == {SHA}
    assert first.trusted([], now=NOW) == first.trusted(["b" * 40], now=NOW + 1) == frozenset()
    assert repository.asked == ["branch 3f6c1d0", "branch bbbbbbb", "tag bbbbbbb"]


@pytest.mark.parametrize("failure", [Refused("403"), Postponed("429"), Unknown("500"), KeyError("bug")])
def test_trusts_no_commit_while_github_cannot_be_asked(
    repository: Repository, store: SqliteEngine, failure: Exception
) -> None:
    repository.failures = {"branch": failure}

    assert research_in(repository, store).trusted([SHA], now=NOW) == frozenset()


def test_remembers_few_of_the_commits_that_are_not_trusted(repository: Repository, store: SqliteEngine) -> None:
    repository.strange = {f"{number:040x}" for number in range(60)}
    research = research_in(repository, store)
    for number in (*range(60), *range(59, 9, -1)):
        research.gather(told(f"booty@{number:040x}"), now=NOW)

    assert len(repository.asked) == 2 * 60
