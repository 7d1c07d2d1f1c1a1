"""A line of releases holds when each was first and last seen, for as long as anything of it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.code_search import release, told
from support.ledger_doors import KEEP_SECONDS, Ledger

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import Verdict
from booty.observability.ledger.releases.live import LiveBook, LiveRelease

NOW = 1_800_000_000.0
A, B = "a" * 40, "b" * 40
HOUR, DAY = 3600.0, 24 * 3600.0


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path)


def come(ledger: Ledger, alert: Alert, *, at: float, verdict: Verdict = Verdict.ACCEPTED) -> None:
    ledger.claims.claim(alert, lambda _: verdict, now=at)


def line(ledger: Ledger, digit: str = "a") -> tuple[LiveRelease, ...]:
    return LiveBook(ledger.engine).line(told().fingerprint, release(digit), "production")


def test_a_line_holds_its_releases_in_the_order_of_their_first_sighting(ledger: Ledger) -> None:
    come(ledger, told(release("a")), at=NOW)
    come(ledger, told(release("b")), at=NOW + 1, verdict=Verdict.COOLDOWN)
    come(ledger, told(release("a")), at=NOW + 2 * HOUR)

    assert line(ledger) == (LiveRelease(A, NOW, NOW + 2 * HOUR), LiveRelease(B, NOW + 1, NOW + 1))


def test_a_release_that_names_no_commit_is_in_no_line(ledger: Ledger) -> None:
    come(ledger, told("booty@1.2"), at=NOW)
    come(ledger, told(None), at=NOW)

    assert line(ledger) == ()


def test_what_sentry_was_asked_for_counts_from_when_it_happened(ledger: Ledger) -> None:
    alert = told(release("a"))
    assert alert.occurred_at is not None
    happened = alert.occurred_at.timestamp()
    come(ledger, alert, at=happened + HOUR)
    come(ledger, alert.but(is_reconciled=True, event="e2"), at=happened + HOUR + 1)

    assert [each.first_seen for each in line(ledger)] == [happened]


def test_the_services_own_release_is_in_the_line_of_every_project(ledger: Ledger) -> None:
    come(ledger, told(release("b")), at=NOW + DAY)
    LiveBook(ledger.engine).note_own(release("b"), "production", now=NOW, keep_seconds=KEEP_SECONDS)

    assert line(ledger) == (LiveRelease(B, NOW, NOW + DAY, is_own=True),)


def test_a_line_is_forgotten_when_nothing_of_it_was_seen_for_long(ledger: Ledger) -> None:
    come(ledger, told(release("a")), at=NOW)
    come(ledger, told(release("a")), at=NOW + 10 * DAY)

    ledger.queue.forget(now=NOW + KEEP_SECONDS + 2 * DAY)
    assert len(line(ledger)) == 1
    ledger.queue.forget(now=NOW + KEEP_SECONDS + 12 * DAY)
    assert line(ledger) == ()


@pytest.mark.parametrize("record", [1, {"rows": 1}, {"rows": [1, [A], [A, "x", 2], [A, 1.0, 2.0, 3], None]}])
def test_a_damaged_line_counts_as_missing(ledger: Ledger, record: object) -> None:
    come(ledger, told(release("a")), at=NOW)
    keys = ledger.engine.transact(lambda shelf: list(shelf.under("live/")))
    ledger.engine.transact(lambda shelf: shelf.update(dict.fromkeys(keys, record)))

    assert line(ledger) == ()
    come(ledger, told(release("b")), at=NOW)
    assert [each.commit for each in line(ledger)] == [B]
