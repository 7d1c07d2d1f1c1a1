"""Which ledger the settings call for."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.given_settings import load

from booty.observability.ledger.engines.postgres.engine import PostgresEngine
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.ledgers import engine_for, is_shared

URL = "postgresql://booty:secret@db.example:5432/booty"


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, SqliteEngine),
        ({"BOOTY_LEDGER_URL": URL}, PostgresEngine),
        ({"BOOTY_LEDGER_URL": URL, "BOOTY_CANDIDATE": "1"}, SqliteEngine),
    ],
    ids=["by default", "with a database", "a release on trial beside it"],
)
def test_the_ledger_is_a_file_unless_a_database_is_named_and_the_release_is_not_on_trial(
    tmp_path: Path, changes: dict[str, str], kind: type
) -> None:
    settings = load(BOOTY_STATE_DIR=str(tmp_path), **changes)

    assert isinstance(engine_for(settings), kind)
    assert is_shared(settings) is (kind is PostgresEngine)
