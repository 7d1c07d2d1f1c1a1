"""Settings as a test gives them: those that are required, and what is wrong with others."""

from __future__ import annotations

import pytest

from booty.observability.config import Settings
from booty.observability.config_errors import InvalidSettings

HUSH = "hush-hush-hush-hush"
REQUIRED = {"SENTRY_WEBHOOK_SECRET": HUSH, "TARGET_REPO_URL": "acme/shop", "GITHUB_TOKEN": "github_pat_x"}


def load(**changes: str) -> Settings:
    """Return the settings of the required ones and `changes`."""
    return Settings.load(REQUIRED | changes)


def faults_of(environ: dict[str, str]) -> dict[str, str]:
    """Return the faults of settings that must be refused: the problem by name."""
    with pytest.raises(InvalidSettings) as refusal:
        Settings.load(environ)
    return {fault.name: fault.problem for fault in refusal.value.faults}
