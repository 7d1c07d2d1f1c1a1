"""A ledger with very many fingerprints, as claims, leases and settlements leave them.

One alert goes through the ledger's own doors. What it leaves is then written anew for each fingerprint, in the order of
the keys, many in a transaction.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import cast

from callers import NUMBERS
from support.sentry_events import PROJECT

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import History, Verdict
from booty.observability.alerts.issue import IssueRef
from booty.observability.alerts.severity import Severity
from booty.observability.ledger.claims import Claims
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.shelf import JsonShelf
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.journal.lines import KEY as JOURNAL
from booty.observability.ledger.journal.lines import MOST
from booty.observability.ledger.queue import Queue
from booty.observability.ledger.schedule.jobs import FilingJob

KINDS = ("alert/", "events/", "forget/", "issue/", f"{JOURNAL}/")
"""What the keys begin with of which each alert has one; of the last, a ring, there are `MOST`."""
KEEP_SECONDS = 30 * 24 * 3600
STEP_SECONDS = 2
"""Between two alerts: longer than the spacing of deliveries."""
ISSUE = "0000000001"
FIRST = 1_000_000
"""Number of an issue; the others have as many digits, so that they sort as they count."""
AT_ONCE = 50_000


def fill(state: Path, fingerprints: int) -> int:
    """Put that many filed alerts into a new ledger; return the bytes of its file.

    Raises RuntimeError when the ledger would not know the last of them again.
    """
    engine, begins_at = SqliteEngine(state), int(time.time()) - STEP_SECONDS * fingerprints
    _file_one(engine, float(begins_at))
    left = engine.transact(_left)
    for kind in KINDS:
        (pattern,) = (_pattern(key, value, begins_at) for key, value in left.items() if key.startswith(kind))
        rows = _rows(pattern, fingerprints if kind != KINDS[-1] else min(fingerprints, MOST), fingerprints, begins_at)
        while chunk := dict(islice(rows, AT_ONCE)):
            engine.transact(partial(_write, rows=chunk))
    engine.transact(lambda shelf: shelf.update({JOURNAL: {"next": fingerprints}}))
    last = f"{(fingerprints - 1) * (NUMBERS // fingerprints * 2) + 1:010d}"
    if _claimed(engine, last, Verdict.COOLDOWN, time.time()) is None:
        raise RuntimeError("what was written is not what the ledger reads")
    engine.tidy()
    engine.close()
    return sum(file.stat().st_size for file in state.glob("*.sqlite3"))


def _file_one(engine: SqliteEngine, now: float) -> None:
    _claimed(engine, ISSUE, Verdict.ACCEPTED, now)
    queue = Queue(engine, keep_seconds=KEEP_SECONDS)
    job = queue.take(now=now)
    queue.settle(cast("FilingJob", job), IssueRef(FIRST, f"https://github.com/acme/shop/issues/{FIRST}"), now=now)


def _claimed(engine: SqliteEngine, issue: str, verdict: Verdict, now: float) -> History | None:
    """Claim an alert with that verdict; return what the ledger knew of it."""
    known: list[History | None] = []

    def decide(history: History | None) -> Verdict:
        known.append(history)
        return verdict

    alert = Alert(fingerprint=f"{PROJECT}:{issue}", event=f"{issue:0>32}", severity=Severity.ERROR)
    Claims(engine, keep_seconds=KEEP_SECONDS).claim(alert, decide, now=now)
    return known[-1]


def _left(shelf: Shelf) -> dict[str, str]:
    """Return all records, as they are stored."""
    return {key.decode(): value.decode() for key, value in cast("JsonShelf", shelf).dict.items()}


def _pattern(key: str, value: str, now: int) -> str:
    """Return a record, with places for what differs from one alert to the next."""
    text = f"{key}\n{value}".replace("%", "%%").replace("journal/00000", "journal/%(number)05d")
    places = {ISSUE: "%(issue)010d", str(FIRST): "%(filed)d", str(now): "%(at)d", str(now + KEEP_SECONDS): "%(kept)d"}
    for found, place in places.items():
        text = text.replace(found, place)
    return text.replace('"number":0', '"number":%(number)d').replace('"line":0', '"line":%(number)d')


def _rows(pattern: str, number_of: int, fingerprints: int, begins_at: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield records with odd issues all over the ledger, between those of the callers."""
    apart = NUMBERS // fingerprints * 2
    for number in range(number_of):
        at = begins_at + STEP_SECONDS * number
        text = pattern % {
            "number": number,
            "issue": number * apart + 1,
            "filed": FIRST + number,
            "at": at,
            "kept": at + KEEP_SECONDS,
        }
        key, _, value = text.encode().partition(b"\n")
        yield key, value


def _write(shelf: Shelf, *, rows: dict[bytes, bytes]) -> None:
    cast("JsonShelf", shelf).dict.write(rows)
