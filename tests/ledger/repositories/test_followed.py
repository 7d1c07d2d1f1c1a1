"""Which repositories have issues that no route names any more."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.alerts import alert
from support.ledger_doors import Ledger

from booty.observability.alerts.filters import Verdict
from booty.observability.alerts.issue import SPACING_SECONDS, IssueRef
from booty.observability.alerts.routing.destination import Destination
from booty.observability.ledger.repositories.followed import left_behind
from booty.observability.ledger.repositories.home import Home
from booty.observability.ledger.schedule.jobs import FilingJob

NOW = 1_800_000_000.0
HOME = "Acme/Shop"
OTHERS = ("acme/shop-old", "acme/shop.old", "acme/shop0", "acme/web", "b/c")


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Return a ledger with two issues in each repository."""
    ledger = Ledger(tmp_path, repository=HOME)
    for number, repository in enumerate((None, *OTHERS) * 2):
        now, to = NOW + number * SPACING_SECONDS, Destination(repository)
        one = alert(fingerprint=f"1:{number}", event=f"e{number}")
        assert ledger.claims.claim(one, lambda _: Verdict.ACCEPTED, destination=to, now=now) is Verdict.ACCEPTED
        job = ledger.queue.take(now=now)
        assert isinstance(job, FilingJob)
        ledger.queue.settle(job, IssueRef(number + 1, ""), now=now)
    return ledger


def found(ledger: Ledger, home: str, *names: str) -> tuple[str, ...]:
    return ledger.engine.transact(lambda shelf: left_behind(shelf, Home(home), names))


def test_those_that_no_route_names_are_found_each_once(ledger: Ledger) -> None:
    assert found(ledger, HOME) == OTHERS
    assert found(ledger, HOME, "ACME/web", "acme/shop0") == ("acme/shop-old", "acme/shop.old", "b/c")


def test_the_former_home_is_one_of_them_and_the_one_of_today_is_not(ledger: Ledger) -> None:
    assert found(ledger, "acme/web") == ("acme/shop", "acme/shop-old", "acme/shop.old", "acme/shop0", "b/c")


def test_without_any_there_is_none(tmp_path: Path) -> None:
    assert found(Ledger(tmp_path), HOME) == ()
