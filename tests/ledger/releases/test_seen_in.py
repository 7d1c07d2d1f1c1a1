"""What alerts say of their release is noted wherever releases are known, as often as it says anything new."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.code_search import release, told
from support.ledger_doors import Ledger

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import Verdict
from booty.observability.ledger.problems.seen_releases import RELEASES, ReleaseBook
from booty.observability.ledger.problems.sightings import sighting_of
from booty.observability.ledger.releases.live import key_of_line

NOW = 1_800_000_000.0
HOUR, DAY = 3600.0, 24 * 3600.0


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path)


def another(number: int, digit: str | None = "a") -> Alert:
    return told(release(digit) if digit else "booty@1.2").but(fingerprint=f"1:{number}", event=f"e{number}")


def come(ledger: Ledger, alert: Alert, *, at: float) -> None:
    ledger.claims.claim(alert, lambda _: Verdict.ACCEPTED, now=at)


def known(ledger: Ledger, alert: Alert) -> tuple[Any, Any, Any]:
    keys = sighting_of(alert.release or ""), key_of_line(alert), RELEASES
    found = ledger.engine.transact(lambda shelf: tuple(shelf.get(key) for key in keys))
    return found[0], found[1], found[2]


def test_other_problems_of_a_release_leave_what_is_known_of_it_as_it_is(ledger: Ledger) -> None:
    come(ledger, another(1), at=NOW)
    before = known(ledger, another(1))

    for number in range(2, 6):
        come(ledger, another(number), at=NOW + number)

    assert known(ledger, another(1)) == before


def test_that_a_release_is_live_is_noted_again_after_an_hour(ledger: Ledger) -> None:
    come(ledger, another(1), at=NOW)
    come(ledger, another(2), at=NOW + HOUR - 1)
    come(ledger, another(3), at=NOW + HOUR)

    assert [row[1:] for row in known(ledger, another(1))[1]["rows"]] == [[NOW, NOW + HOUR]]


@pytest.mark.parametrize("digit", ["a", None], ids=["of a commit", "of none"])
def test_that_a_release_was_seen_is_noted_again_after_a_day(ledger: Ledger, digit: str | None) -> None:
    come(ledger, another(1, digit), at=NOW)
    come(ledger, another(2, digit), at=NOW + DAY - 1)
    come(ledger, another(3, digit), at=NOW + DAY)

    assert known(ledger, another(1, digit))[0] == {"first": NOW, "last": NOW + DAY}


def test_a_clock_that_was_set_back_moves_the_beginning(ledger: Ledger) -> None:
    come(ledger, another(1), at=NOW)
    come(ledger, another(2), at=NOW - 60)

    sighting, line, _ = known(ledger, another(1))
    assert sighting["first"] == NOW - 60
    assert line["rows"][0][1] == NOW - 60


def test_what_another_process_forgot_is_noted_anew(ledger: Ledger, tmp_path: Path) -> None:
    alert = another(1)
    come(ledger, alert, at=NOW)

    def forget(shelf: Any) -> None:  # noqa: ANN401 - a shelf
        for key in (sighting_of(alert.release or ""), key_of_line(alert), RELEASES):
            shelf.pop(key)

    Ledger(tmp_path).engine.transact(forget)
    come(ledger, another(2), at=NOW + 1)

    sighting, line, releases = known(ledger, alert)
    assert (sighting["first"], line["first"], [row[2] for row in releases]) == (NOW + 1, NOW + 1, [NOW + 1])


def test_the_same_commit_in_another_environment_is_a_deployment_of_its_own(ledger: Ledger) -> None:
    come(ledger, another(1), at=NOW)
    come(ledger, another(2).but(environment="staging"), at=NOW + 1)

    seen = ReleaseBook(ledger.engine).see("a" * 40, deployment="booty staging", now=NOW + 2)
    assert seen.first_seen_at == NOW + 1


def test_records_that_are_damaged_are_written_anew(ledger: Ledger) -> None:
    alert = another(1)
    keys = sighting_of(alert.release or ""), key_of_line(alert), RELEASES
    ledger.engine.transact(lambda shelf: shelf.update(dict.fromkeys(keys, "damaged")))

    come(ledger, alert, at=NOW)

    sighting, line, releases = known(ledger, alert)
    assert (sighting["first"], line["first"], [row[2] for row in releases]) == (NOW, NOW, [NOW])
