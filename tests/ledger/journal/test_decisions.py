"""Each decision is a line of the journal, written in the transaction that decides."""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from support.deaths import FORK, Tell, deaths
from support.engines import SqlitePlace
from support.journal import lines, verdicts
from support.ledger_steps import DAY, HOUR, NOW, POLICY, alert, claim, file, ledger
from support.service import eventually

from booty.observability.alerts.filters import Verdict, decide
from booty.observability.alerts.severity import Severity
from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.claims import Claims
from booty.observability.ledger.engines.engine import NotStored


def told(problem: str = "1:1", **changes: object) -> StatusChange:
    """Return a change that Sentry tells."""
    return StatusChange.read({"fingerprint": problem, "change": "resolved", "key": "k"} | changes)


def test_an_accepted_alert_is_noted_with_all_that_says_why(tmp_path: Path) -> None:
    page = "https://acme.sentry.io/issues/1/"
    whole = {"rule": "new issue", "project": "shop", "release": "shop@1", "title": "KeyError", "sentry_url": page}
    claim(ledger(tmp_path), alert().but(**whole))

    [line] = lines(tmp_path, now=NOW)

    assert (line.at, line.fingerprint, line.verdict, line.event, line.severity) == (
        NOW,
        "1:1",
        "accepted",
        "a",
        "error",
    )
    assert {name: getattr(line, name) for name in whole} == whole


def test_what_is_noted_is_redacted_as_the_alert_is(tmp_path: Path) -> None:
    of, secret = ledger(tmp_path), f"ghp_{'a1B2' * 9}"
    claim(of, alert().but(title=f"token {secret}", rule=secret))
    below = alert("1:2").but(title=f"token {secret}", rule=secret, severity=Severity.INFO)
    of.claims.note(below, Verdict.BELOW_SEVERITY, threshold="error", now=NOW)

    noted = lines(tmp_path, now=NOW)

    assert len(noted) == 2
    assert not any(secret in str(line) for line in noted)


def test_a_storm_is_one_line_with_a_count_whoever_counts(tmp_path: Path) -> None:
    file(ledger(tmp_path), alert())
    for number in range(40):
        claim(ledger(tmp_path), alert(event=f"e{number}"), NOW + 10 + number)

    accepted, storm = lines(tmp_path, now=NOW + HOUR)

    assert (accepted.verdict, accepted.times) == ("accepted", 1)
    assert (storm.verdict, storm.times, storm.at, storm.until, storm.since) == ("cooldown", 40, NOW + 10, NOW + 49, NOW)


def test_each_storm_between_two_accepted_alerts_has_a_line_of_its_own(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    for start in (NOW, NOW + 7 * HOUR):
        file(of, alert(event=f"first{start}"), start)
        for number in range(3):
            claim(of, alert(event=f"{start}{number}"), start + 1 + number)

    assert verdicts(tmp_path, now=NOW + DAY) == [("accepted", 1), ("cooldown", 3), ("accepted", 1), ("cooldown", 3)]


def test_a_storm_of_days_begins_a_line_a_day_and_is_read_as_one(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    claim(of, alert())  # owed, and therefore quiet for as long as it takes
    for hours in range(1, 50):
        claim(of, alert(event=f"e{hours}"), NOW + hours * HOUR)

    assert of.engine.transact(lambda shelf: len(list(shelf.under("journal/")))) == 4
    assert verdicts(tmp_path, now=NOW + 3 * DAY) == [("accepted", 1), ("cooldown", 49)]


def test_an_event_that_comes_again_is_counted_in_one_line(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    for _ in range(20):
        claim(of, alert())
    for number in range(10):
        claim(of, alert(), NOW + number)

    assert eventually(lambda: verdicts(tmp_path, now=NOW) == [("accepted", 1), ("repeated", 29)])


def test_what_the_journal_holds_is_written_when_the_service_stops(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    for _ in range(20):
        claim(of, alert())

    of.claims.flush()

    assert verdicts(tmp_path, now=NOW) == [("accepted", 1), ("repeated", 19)]


def test_what_is_below_severity_is_noted_with_the_threshold_and_counted_in_one_line(tmp_path: Path) -> None:
    below = alert().but(severity=Severity.WARNING)
    for number in range(3):
        again = below.but(event=f"e{number}")
        ledger(tmp_path).claims.note(again, Verdict.BELOW_SEVERITY, threshold="error", now=NOW + number)

    [line] = lines(tmp_path, now=NOW + 10)

    assert (line.verdict, line.times, line.threshold, line.severity) == ("below_severity", 3, "error", "warning")
    assert (line.at, line.until) == (NOW, NOW + 2)


@pytest.mark.parametrize(
    ("event", "changes", "because"),
    [
        ("worse", {"severity": Severity.FATAL}, "worse_level"),
        ("newer", {"release": "shop@2"}, "new_release"),
    ],
)
def test_what_passes_the_cooldown_is_noted_with_what_is_new(
    tmp_path: Path, event: str, changes: dict[str, object], because: str
) -> None:
    of = ledger(tmp_path)
    file(of, alert())

    claim(of, alert(event=event).but(**changes), NOW + 60)

    assert [(line.verdict, line.because) for line in lines(tmp_path, now=NOW + 60)] == [
        ("accepted", None),
        ("news", because),
    ]


@pytest.mark.parametrize(("field", "how"), [("is_reconciled", "reconciled"), ("is_test", "test")])
def test_an_alert_that_no_rule_sent_is_noted_with_how_it_came(tmp_path: Path, field: str, how: str) -> None:
    claim(ledger(tmp_path), alert().but(**{field: True}))

    assert [line.how for line in lines(tmp_path, now=NOW)] == [how]


def test_status_changes_are_noted_with_whether_and_why_not(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    file(of, alert())
    of.claims.record_status_change(told(actor="Ana", short_id="SHOP-1"), now=NOW + 1)
    of.claims.record_status_change(told(), now=NOW + 2)
    of.claims.record_status_change(told("1:2", change="created"), now=NOW + 3)

    noted = [(line.change, line.verdict, line.because, line.actor) for line in lines(tmp_path, now=NOW + 9)[1:]]

    assert noted == [
        ("resolved", "accepted", None, "Ana"),
        ("resolved", "not_handled", "known", None),
        ("created", "not_handled", "no_issue", None),
    ]


def test_a_decision_that_could_not_be_stored_is_not_noted_either(tmp_path: Path) -> None:
    place = SqlitePlace(tmp_path)
    of = Claims(place.engine(), keep_seconds=30 * DAY)

    def accept(fingerprint: str) -> Verdict:
        one = alert(fingerprint)
        return of.claim(one, lambda history: decide(one, POLICY, history, NOW), now=NOW)

    accept("1:1")
    place.take_away()
    with pytest.raises(NotStored):
        accept("1:2")
    of.note(alert("1:3"), Verdict.BELOW_SEVERITY, threshold="error", now=NOW)
    place.give_back()
    accept("1:4")

    assert [line.fingerprint for line in lines(tmp_path / "state", now=NOW)] == ["1:1", "1:4"]


def test_killed_between_any_two_steps_an_alert_is_owed_exactly_when_its_line_is_there(tmp_path: Path) -> None:
    def accept(number: int, _: Tell) -> None:
        claim(ledger(tmp_path), alert(f"1:{number}"), NOW + number)

    lives = 0
    for _ in deaths(accept, inside="/ledger/journal/"):
        noted = {line.fingerprint for line in lines(tmp_path, now=NOW + DAY)}
        owed = ledger(tmp_path).engine.transact(
            lambda shelf: {key.removeprefix("owed/") for key in shelf.under("owed/")}
        )
        assert noted == owed
        lives += 1

    assert lives > 10
    assert f"1:{lives}" in noted


def fill_up(directory: Path, told: Connection) -> None:
    """Accept alerts until there is no room, turn away and ignore others; make room, and accept one more."""
    place = SqlitePlace(directory)
    place.limit_room()
    of, number = Claims(place.engine(), keep_seconds=30 * DAY), 0

    def accept(fingerprint: str) -> Verdict:
        one = alert(fingerprint).but(message="x" * 3_000)
        return of.claim(one, lambda history: decide(one, POLICY, history, NOW), now=NOW)

    try:
        while True:
            accept(f"1:{number}")
            number += 1
    except NotStored:
        of.note(alert("2:1"), Verdict.BELOW_SEVERITY, threshold="error", now=NOW)
        of.turned_away.count("unsigned")
        of.flush()
    place.make_room()
    accept("3:1")
    told.send(number)


def test_on_a_full_disk_what_is_noted_is_what_was_decided(
    tmp_path: Path,
) -> None:
    ours, theirs = FORK.Pipe()
    process = FORK.Process(target=fill_up, args=(tmp_path, theirs))
    process.start()
    theirs.close()
    accepted = ours.recv()
    process.join()

    noted = [line.fingerprint for line in lines(tmp_path / "state", now=NOW)]

    assert accepted > 3
    assert noted == [*(f"1:{number}" for number in range(accepted)), "3:1"]
