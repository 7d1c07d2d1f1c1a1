"""Two releases, one ledger: what the one writes, the other reads, or refuses with words."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from support.alerts import alert

from booty.observability.alerts.filters import Verdict
from booty.observability.alerts.issue import IssueRef
from booty.observability.ledger.engines.engine import NotStored, Shelf
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.engines.version import KEY, VERSION
from booty.observability.ledger.ledger import Ledger
from booty.observability.ledger.schedule.jobs import FilingJob

ROOT = Path(__file__).parents[3]
OLDER = "4c24dd2c2da659874986db7b7982efbd4b2d564c"
"""The last release whose code lay in one folder."""
NOW = 1_800_000_000.0
FOREVER = 1e9
NEWER = "booty@" + "b" * 40
IMPORTS = {
    "older": """
from booty.observability.alert import Alert, Severity
from booty.observability.filters import Verdict
from booty.observability.ledger import Ledger
from booty.observability.store import Store as SqliteEngine
from booty.observability.tracker import Filing as IssueRef
from booty.observability.work import Owed as FilingJob
""",
    "this": """
from booty.observability.alerts.alert import Alert, Severity
from booty.observability.alerts.filters import Verdict
from booty.observability.alerts.issue import IssueRef
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.ledger import Ledger
from booty.observability.ledger.schedule.jobs import FilingJob
""",
}
# What a release does with a ledger; prints what it saw of the work and of the history of a fingerprint.
PROGRAM = """
import json, sys
from pathlib import Path
directory, new, now = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
store = SqliteEngine(directory)
ledger = Ledger(store, keep_seconds=1e9)
leased = []
count_of = lambda job: (job.problem if hasattr(job, "problem") else job.life).count
while isinstance(owed := ledger.lease(now=now), FilingJob):
    ledger.settle(owed, IssueRef(int(now) % 1000 + len(leased), "https://github.com/acme/shop/issues/1"), now=now)
    leased.append([owed.alert.fingerprint, owed.alert.title, count_of(owed)])
    now += 2
verdicts = []
def decide(history):
    verdicts.append(history is not None)
    return Verdict.ACCEPTED if history is None else Verdict.COOLDOWN
for fingerprint in ("1:1", new):
    ledger.claim(Alert(fingerprint=fingerprint, event=f"{now}", severity=Severity.ERROR, title="T"), decide, now=now)
print(json.dumps({"leased": leased, "known": verdicts[0], "refused": len(ledger.census().refused)}))
"""


def run(code: Path, *arguments: object) -> dict[str, object]:
    imports = IMPORTS["this" if code == ROOT else "older"]
    command = [sys.executable, "-c", f"{imports}{PROGRAM}", *map(str, arguments)]
    done = subprocess.run(
        command, cwd=code, env={"PYTHONPATH": str(code)}, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    seen: dict[str, object] = json.loads(done.stdout)
    return seen


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the code of an earlier release."""
    archive = ["git", "-C", str(ROOT), "archive", OLDER, "booty"]
    done = subprocess.run(archive, capture_output=True, check=False)
    if done.returncode != 0:
        pytest.fail("the code of an earlier release is not here; fetch the whole history: git fetch --unshallow")
    code = tmp_path_factory.mktemp("older")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as files:
        files.extractall(code, filter="data")
    return code


def test_a_release_is_rolled_back_and_forth_over_one_ledger(older: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    run(older, state, "1:2", NOW)
    forth = run(ROOT, state, "1:3", NOW + 100)
    back = run(older, state, "1:4", NOW + 200)

    assert forth == {"leased": [["1:1", "T", 1], ["1:2", "T", 1]], "known": True, "refused": 0}
    assert back == {"leased": [["1:3", "T", 1]], "known": True, "refused": 0}
    assert SqliteEngine(state).transact(lambda shelf: shelf[KEY]["version"]) == VERSION


def extend(shelf: Shelf) -> None:
    """Write what a newer release may: fields and keys that are added, and the note that says so."""
    for key in list(shelf):
        if isinstance(shelf[key], dict):
            shelf[key] = shelf[key] | {"novelty": {"deep": [1]}, "moods": ["new"]}
    shelf["novelty/1"] = {"of": "another kind"}
    shelf[KEY] = {"version": VERSION + 1, "oldest_reader": VERSION, "release": NEWER, "written_at": NOW}


@pytest.mark.parametrize("reader", ["this", "older"])
def test_a_ledger_that_a_newer_release_extended_is_served(
    reader: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    code = ROOT if reader == "this" else request.getfixturevalue("older")
    run(code, tmp_path, "1:2", NOW)
    SqliteEngine(tmp_path).transact(extend)

    seen = run(code, tmp_path, "1:3", NOW + 100)
    kept = SqliteEngine(tmp_path).transact(
        lambda shelf: (shelf["novelty/1"], shelf[KEY]["release"], shelf["alert/1:1"])
    )

    assert seen == {"leased": [["1:1", "T", 1], ["1:2", "T", 1]], "known": True, "refused": 0}
    assert kept[:2] == ({"of": "another kind"}, NEWER)
    assert kept[2]["novelty"] == {"deep": [1]}


@pytest.mark.parametrize("limits", [{"oldest_reader": VERSION + 1}, {}], ids=["told", "untold"])
def test_a_ledger_that_it_cannot_read_is_refused_with_the_release_that_wrote_it(
    tmp_path: Path, limits: dict[str, int], caplog: pytest.LogCaptureFixture
) -> None:
    note = {"version": VERSION + 1, "release": NEWER} | limits
    SqliteEngine(tmp_path).transact(lambda shelf: shelf.update({KEY: note, "alert/1:1": ["of another kind"]}))
    of = Ledger(SqliteEngine(tmp_path), keep_seconds=FOREVER)

    with pytest.raises(NotStored, match=f"{NEWER} wrote it, in schema 2"):
        of.claim(alert(), lambda _: Verdict.ACCEPTED, now=NOW)
    with pytest.raises(NotStored, match=NEWER):
        of.check(now=NOW)
    assert all(NEWER in record.__dict__["reason"] for record in caplog.records)
    assert [path.name for path in tmp_path.iterdir() if "unreadable" in path.name] == []


def test_a_ledger_that_it_cannot_read_is_served_again_once_it_can(tmp_path: Path) -> None:
    keeper = SqliteEngine(tmp_path)
    keeper.transact(lambda shelf: shelf.update({KEY: {"version": VERSION + 1, "release": NEWER}}))
    of = Ledger(SqliteEngine(tmp_path), keep_seconds=FOREVER)
    with pytest.raises(NotStored):
        of.check(now=NOW)

    keeper.transact(lambda shelf: shelf.update({KEY: {"version": VERSION}}))
    assert of.claim(alert(), lambda _: Verdict.ACCEPTED, now=NOW) is Verdict.ACCEPTED
    owed = of.lease(now=NOW)
    assert isinstance(owed, FilingJob)
    of.settle(owed, IssueRef(1, "https://github.com/acme/shop/issues/1"), now=NOW)


@pytest.mark.parametrize("damaged", [None, 7, [], {"version": "two"}, {"oldest_reader": None}], ids=repr)
def test_a_damaged_note_holds_nobody_up(tmp_path: Path, damaged: object) -> None:
    SqliteEngine(tmp_path).transact(lambda shelf: shelf.update({KEY: damaged}))

    assert SqliteEngine(tmp_path, release=NEWER).transact(lambda shelf: shelf[KEY]["release"]) == NEWER
