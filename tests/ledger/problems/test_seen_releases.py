"""The book remembers releases and the files of the newest, and takes what it cannot read for missing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.problems.seen_releases import (
    MOST_RELEASES,
    MOST_TREES,
    MOST_TRUSTED,
    ReleaseBook,
    Sighting,
)

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NOW = AT.timestamp()
PATHS = ("src/shop/cart.py", "docs/größe.md")


def commit(number: int) -> str:
    return f"{number:040x}"


@pytest.fixture
def store(tmp_path: Path) -> SqliteEngine:
    return SqliteEngine(tmp_path)


def test_keeps_the_files_of_a_commit_for_every_process(store: SqliteEngine) -> None:
    assert ReleaseBook(store).keep_paths(commit(1), PATHS)

    assert ReleaseBook(SqliteEngine(store.directory)).paths(commit(1)) == PATHS
    assert ReleaseBook(store).paths(commit(2)) is None


def test_keeps_a_commit_without_files(store: SqliteEngine) -> None:
    ReleaseBook(store).keep_paths(commit(1), ())

    assert ReleaseBook(store).paths(commit(1)) == ()


def test_keeps_the_date_of_a_commit_whose_files_it_has(store: SqliteEngine) -> None:
    book = ReleaseBook(store)
    book.keep_paths(commit(1), PATHS)
    for number in (1, 2):
        book.keep_date(commit(number), AT)

    assert (book.committed_at(commit(1)), book.committed_at(commit(2))) == (AT, None)


def test_remembers_which_commits_are_trusted_for_every_process(store: SqliteEngine) -> None:
    book = ReleaseBook(store)
    for number in (*range(MOST_TRUSTED + 1), MOST_TRUSTED):
        book.trust(commit(number))

    known = [
        ReleaseBook(SqliteEngine(store.directory)).is_trusted(commit(number)) for number in range(MOST_TRUSTED + 2)
    ]
    assert known == [False, *[True] * MOST_TRUSTED, False]


@pytest.mark.parametrize("value", [None, "x", {}, 3, [None, 4, {}]])
def test_trusts_nothing_by_a_damaged_record(store: SqliteEngine, value: object) -> None:
    store.transact(lambda shelf: shelf.update({"trusted": value}))

    assert not ReleaseBook(store).is_trusted(commit(1))


@pytest.mark.parametrize("value", [None, "x", [], 1e300, -1e300])
def test_takes_a_damaged_date_for_missing(store: SqliteEngine, value: object) -> None:
    store.transact(lambda shelf: shelf.update({f"date/{commit(1)}": value}))

    assert ReleaseBook(store).committed_at(commit(1)) is None


def test_forgets_all_but_the_newest_trees(store: SqliteEngine) -> None:
    book = ReleaseBook(store)
    for number in (*range(MOST_TREES + 3), 3):
        book.keep_paths(commit(number), PATHS)
        book.keep_date(commit(number), AT)

    kept = [number for number in range(MOST_TREES + 3) if book.paths(commit(number))]
    assert kept == list(range(3, MOST_TREES + 3))
    assert store.transact(lambda shelf: len(list(shelf.under("tree/")) + list(shelf.under("date/")))) == 2 * MOST_TREES


def test_keeps_no_tree_that_is_too_large(store: SqliteEngine) -> None:
    random = Random(1)  # noqa: S311 - for text that does not compress
    paths = tuple(random.randbytes(500).hex() for _ in range(6_000))

    assert not ReleaseBook(store).keep_paths(commit(1), paths)
    assert ReleaseBook(store).paths(commit(1)) is None


def test_keeps_the_tree_of_a_large_repository_small(store: SqliteEngine) -> None:
    paths = tuple(f"services/service-{number % 300}/src/module_{number}/handler.py" for number in range(100_000))

    assert ReleaseBook(store).keep_paths(commit(1), paths)
    assert ReleaseBook(store).paths(commit(1)) == paths


@pytest.mark.parametrize("value", [None, 7, "x", "!", "größe", "YQ==", "eJxL", [], {}])
def test_takes_a_damaged_tree_for_missing(store: SqliteEngine, value: object) -> None:
    store.transact(lambda shelf: shelf.update({f"tree/{commit(1)}": value}))

    assert ReleaseBook(store).paths(commit(1)) is None


def test_knows_since_when_a_release_is_seen_and_which_came_before(store: SqliteEngine) -> None:
    book = ReleaseBook(store)

    assert book.see(commit(1), deployment="production", now=NOW) == Sighting(NOW, None)
    assert book.see(commit(2), deployment="production", now=NOW + 60) == Sighting(NOW + 60, commit(1))
    assert book.see(commit(2), deployment="production", now=NOW + 90) == Sighting(NOW + 60, commit(1))
    assert book.see(commit(1), deployment="production", now=NOW + 99) == Sighting(NOW, None)


def test_keeps_deployments_apart(store: SqliteEngine) -> None:
    book = ReleaseBook(store)
    book.see(commit(1), deployment="staging", now=NOW)

    assert book.see(commit(2), deployment="production", now=NOW + 1) == Sighting(NOW + 1, None)
    assert book.see(commit(2), deployment="staging", now=NOW + 2) == Sighting(NOW + 2, commit(1))


def test_forgets_the_oldest_releases(store: SqliteEngine) -> None:
    book = ReleaseBook(store)
    for number in range(MOST_RELEASES + 5):
        seen = book.see(commit(number), deployment="production", now=NOW + number)
        assert seen == Sighting(NOW + number, commit(number - 1) if number else None)

    assert len(store.transact(lambda shelf: shelf["releases"])) == MOST_RELEASES
    assert book.see(commit(0), deployment="production", now=NOW + 999).first_seen_at == NOW + 999


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=3) | st.floats(allow_nan=False),
        lambda inner: st.lists(inner, max_size=4),
    )
)
@settings(max_examples=30)  # every example syncs a new ledger to disk
def test_takes_damaged_records_for_missing(tmp_path_factory: pytest.TempPathFactory, value: Any) -> None:  # noqa: ANN401 - any JSON
    store = SqliteEngine(tmp_path_factory.mktemp("book"))
    store.transact(lambda shelf: shelf.update({"releases": value, "trees": value}))
    book = ReleaseBook(store)

    assert book.see(commit(1), deployment="production", now=NOW).first_seen_at == NOW
    assert book.keep_paths(commit(1), PATHS)
    assert book.paths(commit(1)) == PATHS
