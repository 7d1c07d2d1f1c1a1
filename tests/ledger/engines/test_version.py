"""Whose records a ledger holds: a release serves what it can read, and refuses the rest with words."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from support.alerts import alert
from support.ledger_doors import Ledger
from support.older_release import FIRST_SHARED, unpack

from booty.observability.alerts.filters import History, Verdict
from booty.observability.alerts.issue import IssueRef
from booty.observability.ledger.engines.engine import NotStored, Shelf
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.engines.version import DOUBT_SECONDS, KEY, VERSION, doubted_since, note_server
from booty.observability.ledger.schedule.jobs import FilingJob

NOW = 1_800_000_000.0
NEWER = "booty@" + "b" * 40
OLDER_WRITES = """
import sys
from pathlib import Path
from booty.observability.ledger.engines.sqlite import SqliteEngine
SqliteEngine(Path(sys.argv[1]), release="older").transact(lambda shelf: shelf.update({"a": 1}))
"""


def cools(history: History | None) -> Verdict:
    return Verdict.ACCEPTED if history is None else Verdict.COOLDOWN


def file(of: Ledger, fingerprint: str, *, now: float = NOW) -> None:
    assert of.claims.claim(alert(fingerprint=fingerprint), cools, now=now) is Verdict.ACCEPTED
    job = of.queue.take(now=now)
    assert isinstance(job, FilingJob)
    of.queue.settle(job, IssueRef(1, "https://github.com/acme/shop/issues/1"), now=now)


def extend(shelf: Shelf) -> None:
    """Write what a newer release may: fields and keys that are added, and the note that says so."""
    for key in list(shelf):
        if isinstance(shelf[key], dict):
            shelf[key] = shelf[key] | {"novelty": {"deep": [1]}, "moods": ["new"]}
    shelf["novelty/1"] = {"of": "another kind"}
    shelf[KEY] = {"version": VERSION + 1, "oldest_reader": VERSION, "release": NEWER, "written_at": NOW}


def test_a_ledger_that_a_newer_release_extended_is_served(tmp_path: Path) -> None:
    file(Ledger(tmp_path), "1:1")
    SqliteEngine(tmp_path).transact(extend)
    of = Ledger(tmp_path)

    assert of.claims.claim(alert(fingerprint="1:1"), cools, now=NOW + 60) is Verdict.COOLDOWN
    file(of, "1:2", now=NOW + 60)
    kept = SqliteEngine(tmp_path).transact(
        lambda shelf: (shelf["novelty/1"], shelf[KEY]["release"], shelf["alert/1:1"])
    )

    assert kept[:2] == ({"of": "another kind"}, NEWER)
    assert kept[2]["novelty"] == {"deep": [1]}


def test_a_release_that_raises_the_version_keeps_what_else_the_record_says(tmp_path: Path) -> None:
    SqliteEngine(tmp_path).transact(lambda shelf: shelf.update({KEY: {"version": VERSION - 1, "id": "5f1c"}}))

    record = SqliteEngine(tmp_path, release=NEWER).transact(lambda shelf: shelf[KEY])

    assert (record["version"], record["release"], record["id"]) == (VERSION, NEWER, "5f1c")


@pytest.mark.parametrize("limits", [{"oldest_reader": VERSION + 1}, {}], ids=["told", "untold"])
def test_a_ledger_that_it_cannot_read_is_refused_with_the_release_that_wrote_it(
    tmp_path: Path, limits: dict[str, int], caplog: pytest.LogCaptureFixture
) -> None:
    note = {"version": VERSION + 1, "release": NEWER} | limits
    SqliteEngine(tmp_path).transact(lambda shelf: shelf.update({KEY: note, "alert/1:1": ["of another kind"]}))
    of = Ledger(tmp_path)

    with pytest.raises(NotStored, match=f"{NEWER} wrote it, in schema 2"):
        of.claims.claim(alert(), lambda _: Verdict.ACCEPTED, now=NOW)
    with pytest.raises(NotStored, match=NEWER):
        of.claims.check(now=NOW)
    assert all(NEWER in record.__dict__["reason"] for record in caplog.records)
    assert [path.name for path in tmp_path.iterdir() if "unreadable" in path.name] == []


def test_a_ledger_that_it_cannot_read_is_served_again_once_it_can(tmp_path: Path) -> None:
    keeper = SqliteEngine(tmp_path)
    keeper.transact(lambda shelf: shelf.update({KEY: {"version": VERSION + 1, "release": NEWER}}))
    of = Ledger(tmp_path)
    with pytest.raises(NotStored):
        of.claims.check(now=NOW)

    keeper.transact(lambda shelf: shelf.update({KEY: {"version": VERSION}}))
    assert of.claims.claim(alert(), lambda _: Verdict.ACCEPTED, now=NOW) is Verdict.ACCEPTED
    assert isinstance(of.queue.take(now=NOW), FilingJob)


@pytest.mark.parametrize("damaged", [None, 7, [], {"version": "two"}, {"oldest_reader": None}], ids=repr)
def test_a_damaged_note_holds_nobody_up(tmp_path: Path, damaged: object) -> None:
    SqliteEngine(tmp_path).transact(lambda shelf: shelf.update({KEY: damaged}))

    assert SqliteEngine(tmp_path, release=NEWER).transact(lambda shelf: shelf[KEY]["release"]) == NEWER


@pytest.mark.parametrize(
    ("servers", "before", "is_doubted"),
    [
        (["a"], "", False),
        (["a", "a"], "", False),
        (["a", "a"], "a", False),
        (["a", ""], "", False),
        (["a", ""], "a", False),
        ([""], "a", False),
        (["a", "b"], "", True),
        (["a", "b"], "a", True),
        (["a", "a"], "b", True),
        (["a", "b", "b"], "b", True),
    ],
)
def test_a_ledger_may_lack_its_last_records_once_it_is_on_another_server(
    tmp_path: Path, servers: list[str], before: str, *, is_doubted: bool
) -> None:
    engine = SqliteEngine(tmp_path)
    for server in servers[:-1]:
        engine.transact(partial(note_server, server=server, before="", now=NOW))
    engine.transact(partial(note_server, server=servers[-1], before=before, now=NOW))

    def doubted(now: float) -> float | None:
        return engine.transact(partial(doubted_since, now=now))

    since = NOW - DOUBT_SECONDS if is_doubted else None
    assert [doubted(now) for now in (NOW, NOW + DOUBT_SECONDS)] == [since, since]
    assert [doubted(now) for now in (NOW + DOUBT_SECONDS + 1, NOW - DOUBT_SECONDS - 1)] == [None, None]
    assert engine.transact(lambda shelf: shelf[KEY])["version"] == VERSION


def test_an_older_release_leaves_the_note_of_the_server_as_it_is(tmp_path: Path) -> None:
    engine, older = SqliteEngine(tmp_path / "state"), unpack(tmp_path / "older", commit=FIRST_SHARED)
    for server in "ab":
        engine.transact(partial(note_server, server=server, before="", now=NOW))
    noted = engine.transact(lambda shelf: shelf[KEY])
    engine.close()

    beside = [sys.executable, "-c", OLDER_WRITES, str(tmp_path / "state")]
    subprocess.run(beside, cwd=older, env={"PYTHONPATH": str(older)}, check=True)

    assert SqliteEngine(tmp_path / "state").transact(lambda shelf: (shelf["a"], shelf[KEY])) == (1, noted)
