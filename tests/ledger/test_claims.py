"""An alert is claimed once; those that come after it are quiet (many callers at once: engines/test_conformance.py)."""

from __future__ import annotations

from pathlib import Path

from support.ledger_steps import DAY, HOUR, NOW, POLICY, alert, claim, file, ledger

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.filters import Verdict, decide
from booty.observability.alerts.severity import Severity
from booty.observability.ledger.claims import MOST_QUIET
from booty.observability.sentry.glance import Glance


def test_a_second_claim_cools_down_from_the_first_one_on(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    file(of, alert())

    assert claim(of, alert(event="b"), NOW + 6 * HOUR - 1) is Verdict.COOLDOWN
    assert claim(of, alert(event="c"), NOW + 6 * HOUR) is Verdict.ACCEPTED


def test_alerts_of_storms_are_not_read_as_a_whole_also_when_no_more_of_them_can_be_remembered(tmp_path: Path) -> None:
    of, read = ledger(tmp_path), list[str]()

    def whole(glance: Glance) -> Alert:
        read.append(glance.fingerprint)
        return alert(glance.fingerprint)

    def claim_all() -> None:
        for number in range(MOST_QUIET):
            glance = Glance(f"1:{number}", "a", Severity.ERROR, read_whole=whole)
            of.claims.claim(glance, lambda history: decide(alert(), POLICY, history, NOW), now=NOW)

    claim_all()
    claim_all()
    read.clear()
    claim_all()
    of.claims.flush()  # nothing is being written while a later test forks

    assert read == []


def test_nothing_else_is_claimed_while_the_first_claim_is_owed(tmp_path: Path) -> None:
    of = ledger(tmp_path)
    claim(of, alert())

    assert claim(of, alert(event="b"), NOW + 10 * DAY) is Verdict.COOLDOWN
