"""A repository that is renamed keeps its issues, however the settings name it."""

from __future__ import annotations

from pathlib import Path

import pytest
import responses
from support.alerts import alert
from support.ledger_doors import Ledger

from booty.observability.alerts.filters import Verdict
from booty.observability.delivery.closings.renaming import AGAIN_SECONDS, Renaming
from booty.observability.github.access.credential import FixedToken
from booty.observability.github.client import GitHub
from booty.observability.ledger.repositories.home import KEY, Home

API = "https://api.github.com"
OLD, NEW = "acme/shop", "Acme/Store"
NOW = 1_800_000_000.0


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Return a ledger that began with the old name, as the settings have the new one."""
    began = Ledger(tmp_path, repository=OLD)
    began.claims.claim(alert(), lambda _: Verdict.ACCEPTED, now=NOW)
    return Ledger(tmp_path, repository=NEW)


def renaming(ledger: Ledger) -> Renaming:
    github = GitHub(api_url=API, token=FixedToken("t"), version="2022-11-28")
    return Renaming(ledger.engine, Home(NEW), github)


def verdict(ledger: Ledger) -> Verdict:
    """Return what a known problem's next alert is, COOLDOWN where it is known in the repository of the settings."""
    return ledger.claims.claim(
        alert(event="b"), lambda known: Verdict.COOLDOWN if known else Verdict.ACCEPTED, now=NOW + 1
    )


def home(ledger: Ledger) -> str:
    name: str = ledger.engine.transact(lambda shelf: shelf.get(KEY))
    return name


@responses.activate
def test_what_github_redirects_to_the_settings_repository_goes_on_as_it(ledger: Ledger) -> None:
    responses.get(f"{API}/repos/{OLD}", status=301, headers={"Location": f"{API}/repositories/7"})
    responses.get(f"{API}/repositories/7", json={"full_name": NEW, "archived": False, "has_issues": True})

    renaming(ledger).look(NOW)

    assert home(ledger) == NEW.lower()
    assert verdict(ledger) is Verdict.COOLDOWN


@responses.activate
@pytest.mark.parametrize(
    ("status", "body"),
    [(200, {"full_name": OLD, "archived": False, "has_issues": True}), (404, {"message": "Not Found"}), (200, {})],
)
def test_another_repository_stays_another_one(ledger: Ledger, status: int, body: dict[str, object]) -> None:
    responses.get(f"{API}/repos/{OLD}", status=status, json=body)

    renaming(ledger).look(NOW)

    assert home(ledger) == OLD
    assert verdict(ledger) is Verdict.ACCEPTED


@responses.activate
def test_it_is_asked_once_and_again_after_a_failure(ledger: Ledger) -> None:
    responses.get(f"{API}/repos/{OLD}", status=503)
    of = renaming(ledger)

    for at in (0.0, 1.0, AGAIN_SECONDS + 1):
        of.look(NOW + at)
    assert len(responses.calls) == 2

    responses.replace(
        responses.GET, f"{API}/repos/{OLD}", json={"full_name": OLD, "archived": False, "has_issues": True}
    )
    for at in (200.0, 400.0):
        of.look(NOW + at)
    assert len(responses.calls) == 3


@responses.activate
def test_nothing_is_asked_where_the_settings_name_the_home(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, repository=NEW)
    ledger.claims.claim(alert(), lambda _: Verdict.ACCEPTED, now=NOW)

    renaming(ledger).look(NOW)

    assert len(responses.calls) == 0
