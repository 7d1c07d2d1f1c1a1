"""When releases were seen first, over all problems."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.problems.sightings import first_seen, forget_sightings, sight

NOW = 1_800_000_000.0
DAY = 24 * 3600.0
KEEP = 30 * DAY


@pytest.fixture
def store(tmp_path: Path) -> SqliteEngine:
    return SqliteEngine(tmp_path)


def seen(store: SqliteEngine, release: str, *, now: float) -> None:
    store.transact(lambda shelf: sight(shelf, release, since=now, now=now, keep_seconds=KEEP))


def test_the_first_sighting_of_a_release_stays_the_first(store: SqliteEngine) -> None:
    seen(store, "shop@1", now=NOW)
    seen(store, "shop@1", now=NOW + 5 * DAY)

    assert store.transact(lambda shelf: first_seen(shelf, "shop@1")) == NOW
    assert store.transact(lambda shelf: first_seen(shelf, "shop@2")) is None


def test_a_release_in_use_is_remembered_and_one_out_of_use_is_forgotten(store: SqliteEngine) -> None:
    for name in ("in use", "out of use"):
        seen(store, name, now=NOW)
    for day in range(1, 100):
        seen(store, "in use", now=NOW + day * DAY)
        store.transact(partial(forget_sightings, now=NOW + day * DAY, keep_seconds=KEEP, most=10))

    assert store.transact(lambda shelf: first_seen(shelf, "in use")) == NOW
    assert store.transact(lambda shelf: first_seen(shelf, "out of use")) is None
    assert store.transact(lambda shelf: len(list(shelf.under("expire/")))) == 1


def test_what_is_known_of_a_release_from_before_counts(store: SqliteEngine) -> None:
    store.transact(lambda shelf: sight(shelf, "shop@1", since=NOW - DAY, now=NOW, keep_seconds=KEEP))

    assert store.transact(lambda shelf: first_seen(shelf, "shop@1")) == NOW - DAY


def test_a_damaged_sighting_is_none(store: SqliteEngine) -> None:
    seen(store, "shop@1", now=NOW)

    def damage(shelf: Shelf) -> float | None:
        for key in list(shelf.under("release/")):
            shelf[key] = {"first": "x", "last": None}
        return first_seen(shelf, "shop@1")

    assert store.transact(damage) is None
