"""A storm costs no transaction an alert, and yet nothing that an alert says is missed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support.ledger_doors import Ledger
from support.ledger_steps import HOUR, NOW, POLICY, alert, claim, file, ledger

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import Verdict
from booty.observability.alerts.issue import Issue, Standing
from booty.observability.alerts.severity import Severity
from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.engines.engine import About, NotStored, Ranges, Result, Work
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledger.problems.standing import learn
from booty.observability.ledger.repetition.repetitions import MOST, STORM

ALERTS = 5 * STORM


class Counted(SqliteEngine):
    """A ledger of which the transactions are counted; one that is `blind` knows no looks, one `full` stores nothing."""

    def __init__(self, directory: Path, *, blind: bool = False) -> None:
        super().__init__(directory)
        self.times = 0
        self.blind = blind
        self.full = False

    def peek(self, *keys: str) -> list[Any] | None:
        return None if self.blind else super().peek(*keys)

    def transact(
        self,
        work: Work[Result],
        *,
        reads: tuple[str, ...] = (),
        ranges: Ranges = (),
        about: About = None,
        is_lasting: bool = True,
    ) -> Result:
        self.times += 1
        if self.full:
            raise NotStored("disk full")
        return super().transact(work, reads=reads, ranges=ranges, about=about, is_lasting=is_lasting)


def event(number: int, *, release: str | None = "shop@1", severity: Severity = Severity.ERROR) -> Alert:
    return alert(event=f"{number:032x}").but(
        release=release, severity=severity, occurred_at=datetime.fromtimestamp(NOW + number % 7, UTC)
    )


def opened(directory: Path, *, blind: bool = False) -> tuple[Ledger, Counted]:
    engine = Counted(directory, blind=blind)
    return Ledger(directory, engine=engine), engine


def storm(of: Ledger, alerts: int = ALERTS, *, first: int = 1, release: str | None = "shop@1") -> list[Verdict]:
    """Send alerts of one problem, an hour after its first, within a second."""
    numbers = range(first, first + alerts)
    return [claim(of, event(number, release=release), NOW + HOUR) for number in numbers]


@contextmanager
def amid_a_storm(directory: Path, *, is_filed: bool = True) -> Iterator[tuple[Ledger, Counted]]:
    of, engine = opened(directory)
    (file if is_filed else claim)(of, event(0))
    assert set(storm(of)) == {Verdict.COOLDOWN}
    assert engine.times < ALERTS
    yield of, engine
    of.claims.flush()


def records(of: Ledger) -> dict[str, Any]:
    return of.engine.transact(lambda shelf: {key: shelf[key] for key in shelf})


@pytest.mark.parametrize("is_filed", [True, False], ids=["filed", "owed"])
@pytest.mark.parametrize("release", ["shop@1", None])
def test_a_storm_leaves_the_records_that_a_transaction_each_would_leave(
    tmp_path: Path, *, is_filed: bool, release: str | None
) -> None:
    left = []
    for blind in (False, True):
        of, engine = opened(tmp_path / str(blind), blind=blind)
        (file if is_filed else claim)(of, event(0, release=release))
        storm(of, release=release)
        of.claims.flush()
        assert (engine.times < ALERTS) is not blind
        left.append({key: value for key, value in records(of).items() if not key.startswith(("schema", "pulse"))})

    for name in ("lease", "gate"):
        for each in left:
            each.pop(name, None)
    assert left[0] == left[1]


def test_an_event_that_is_held_is_known_when_it_comes_again_with_something_new(tmp_path: Path) -> None:
    with amid_a_storm(tmp_path) as (of, _):
        back = event(ALERTS).but(is_regression=True)

        assert claim(of, back, NOW + HOUR) is Verdict.REPEATED
        assert "is_back" not in records(of)["alert/1:1"]


def test_what_is_held_when_an_earlier_closing_is_learned_reopens_the_issue(tmp_path: Path) -> None:
    of, _ = opened(tmp_path)
    file(of, event(0, release=None))
    storm(of, release=None)
    of.claims.flush()
    last = event(ALERTS + 1, release=None).but(occurred_at=datetime.fromtimestamp(NOW + 200, UTC))
    assert claim(of, last, NOW + HOUR) is Verdict.COOLDOWN
    closed = Issue(7, is_open=False, is_completed=True, closed_at=NOW + 100, labels=(), body="")
    of.closings.learn([closed], as_of=NOW + HOUR, now=NOW + HOUR)
    assert of.owed == 0

    of.claims.flush()

    assert of.owed == 1


@pytest.mark.parametrize("last", ["shop@1", None])
def test_of_a_storm_the_alert_is_kept_in_mind_that_a_transaction_each_would_keep(
    tmp_path: Path, last: str | None
) -> None:
    kept = []
    for blind in (False, True):
        of, _ = opened(tmp_path / str(blind), blind=blind)
        file(of, event(0))
        storm(of)
        for number, release in enumerate(("shop@1", None, last), start=ALERTS + 1):
            claim(of, event(7 * number, release=release), NOW + HOUR)
        of.claims.flush()
        kept.append(records(of)["alert/1:1"]["held"]["event"])

    assert kept[0] == kept[1]


def test_few_alerts_are_counted_at_once(tmp_path: Path) -> None:
    of, _ = opened(tmp_path)
    file(of, event(0))
    storm(of, STORM)

    assert records(of)["alert/1:1"]["count"] == STORM + 1


def test_an_event_that_comes_twice_amid_a_storm_counts_once(tmp_path: Path) -> None:
    with amid_a_storm(tmp_path) as (of, _):
        assert [claim(of, event(number), NOW + HOUR) for number in (ALERTS, ALERTS, 1)] == [Verdict.REPEATED] * 3
        of.claims.flush()

        assert records(of)["alert/1:1"]["count"] == ALERTS + 1


@pytest.mark.parametrize(
    "news",
    [event(9_999, release="shop@2"), event(9_999, severity=Severity.FATAL)],
    ids=["a new release", "a worse level"],
)
def test_what_breaks_a_cooldown_breaks_it_amid_a_storm(tmp_path: Path, news: Alert) -> None:
    with amid_a_storm(tmp_path) as (of, _):
        assert claim(of, news, NOW + HOUR) is Verdict.NEWS
        assert claim(of, event(10_000), NOW + HOUR) is Verdict.COOLDOWN
        of.claims.flush()

        assert records(of)["alert/1:1"]["count"] == ALERTS + 3


def test_a_cooldown_that_is_over_is_over_amid_a_storm(tmp_path: Path) -> None:
    with amid_a_storm(tmp_path) as (of, _):
        assert claim(of, event(9_999), NOW + POLICY.cooldown_seconds) is Verdict.ACCEPTED


def test_an_issue_that_another_process_saw_closed_breaks_the_cooldown_at_once(tmp_path: Path) -> None:
    def close(shelf: Any) -> None:  # noqa: ANN401 - a shelf
        closed = Standing(NOW + HOUR - 60, is_muted=False, as_of=NOW + HOUR)
        shelf["alert/1:1"] = learn(shelf["alert/1:1"], closed, now=NOW + HOUR)

    with amid_a_storm(tmp_path) as (of, _):
        SqliteEngine(tmp_path).transact(close)
        late = event(9_999).but(release=None, occurred_at=datetime.fromtimestamp(NOW + HOUR, UTC))

        assert claim(of, late, NOW + HOUR) is Verdict.NEWS


def test_a_change_of_status_in_sentry_is_judged_in_a_transaction_at_once(tmp_path: Path) -> None:
    with amid_a_storm(tmp_path) as (of, engine):
        resolved = StatusChange(fingerprint="1:1", change="resolved", key="r", by_person=True)
        assert ledger(tmp_path).claims.record_status_change(resolved, now=NOW + HOUR)

        before = engine.times
        claim(of, event(9_999), NOW + HOUR)

        assert engine.times > before


def test_alerts_are_told_when_the_ledger_cannot_write(tmp_path: Path) -> None:
    with amid_a_storm(tmp_path) as (of, engine):
        engine.full = True
        of.claims.flush()
        with pytest.raises(NotStored):
            claim(of, event(9_999), NOW + HOUR)
        engine.full = False
        of.claims.flush()

        assert records(of)["alert/1:1"]["count"] == ALERTS + 1


def test_no_more_than_so_many_alerts_are_held(tmp_path: Path) -> None:
    """Whoever comes when so many are held waits until they are written, or hears that they cannot be."""
    with amid_a_storm(tmp_path) as (of, engine):
        of.claims.flush()
        engine.full = True
        acknowledged = 0
        with suppress(NotStored):
            while acknowledged <= MOST:
                claim(of, event(10_000 + acknowledged), NOW + HOUR)
                acknowledged += 1

        assert acknowledged <= MOST
        engine.full = False
        of.claims.flush()
        assert records(of)["alert/1:1"]["count"] == 1 + ALERTS + acknowledged


def test_another_process_goes_on_with_the_same_line_of_the_journal(tmp_path: Path) -> None:
    with amid_a_storm(tmp_path) as (of, _):
        storm(ledger(tmp_path), first=10_000)
    of.claims.flush()

    entries = [value for key, value in records(of).items() if key.startswith("journal/")]
    assert [each["verdict"] for each in entries if isinstance(each, dict)] == ["accepted", "cooldown"]
