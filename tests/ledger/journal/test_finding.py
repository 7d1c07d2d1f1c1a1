"""Which problem is meant, where the same number is one thing on GitHub and another in Sentry."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.ledger_doors import Ledger
from support.ledger_steps import NOW, alert, claim, lease

from booty.observability.alerts.issue import IssueRef
from booty.observability.ledger.engines.sqlite_store import SqliteStore
from booty.observability.ledger.inspection import look_into
from booty.observability.ledger.journal.finding import find

GITHUB, SENTRY = "45:4001", "45:7"
"""The problem of GitHub's issue 7, that of Sentry's."""


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the directory of a ledger that knows both."""
    directory = tmp_path_factory.mktemp("both")
    of = Ledger(directory)
    claim(of, alert(GITHUB, "a" * 32))
    of.queue.settle(lease(of), IssueRef(7, "https://github.com/acme/shop/issues/7"), now=NOW)
    claim(of, alert(SENTRY, "b" * 32))
    return directory


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("https://github.com/acme/shop/issues/7", GITHUB),
        ("https://GitHub.com/Acme/Shop/issues/7/#issuecomment-1", GITHUB),
        ("https://github.com/acme/shop/issues/8", None),
        ("https://github.com/other/store/issues/4001", None),
        ("#7", GITHUB),
        ("acme/shop#7", GITHUB),
        ("#\u0667", None),
        ("\udcff", None),
        ("https://acme.sentry.io/issues/\udcff/", None),
        ("7", SENTRY),
        ("https://acme.sentry.io/issues/7/?project=45", SENTRY),
        ("https://sentry.io/organizations/acme/issues/7/events/latest/", SENTRY),
        ("https://sentry.acme.example/acme/shop/issues/7/", SENTRY),
        ("https://acme.sentry.io/issues/4001/", GITHUB),
        (f"https://acme.sentry.io/issues/999/events/{'b' * 32}/", SENTRY),
        ("b" * 32, SENTRY),
        ("B" * 32, SENTRY),
        ("45:7", SENTRY),
        (" 45:7 ", SENTRY),
        ("5:7", None),
        ("45:70", None),
        ("45", None),
        (f"{7:032}", None),
    ],
)
def test_it_is_told_from_the_link(both: Path, asked: str, found: str | None) -> None:
    assert look_into(SqliteStore(both), lambda shelf: find(shelf, asked)) == found


def test_the_link_of_a_repository_that_was_renamed_leads_to_its_problem(tmp_path: Path) -> None:
    of = Ledger(tmp_path)
    claim(of, alert())
    of.queue.settle(lease(of), IssueRef(12, "https://github.com/acme/shop/issues/12"), now=NOW)

    assert (
        look_into(SqliteStore(tmp_path), lambda shelf: find(shelf, "https://github.com/acme/store/issues/12")) == "1:1"
    )
    assert look_into(SqliteStore(tmp_path), lambda shelf: find(shelf, "https://gitlab.com/acme/shop/issues/12")) is None
