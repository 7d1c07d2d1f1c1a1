"""A client of the webhook, and the directory of its ledger."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.webhook import mount


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def client(state: Path) -> FlaskClient:
    """Return a client of a release on trial: it decides and stores as any other, and delivers nothing."""
    return mount(Flask("host"), state).test_client()
