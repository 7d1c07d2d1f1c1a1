"""What closed an issue, read from its timeline."""

from __future__ import annotations

import json
from typing import Any

import pytest

from booty.observability.alerts.issue import Closer
from booty.observability.github.schema.fitting import fitted
from booty.observability.github.schema.timeline import Event
from booty.observability.github.timeline import closer_in

COMMIT = "c" * 40
CLOSED: dict[str, Any] = {"event": "closed", "created_at": "2026-11-23T10:00:05Z", "commit_id": None}


def by_commit(repository: str) -> dict[str, Any]:
    url = f"https://api.github.com/repos/{repository}/commits/{COMMIT}"
    return CLOSED | {"commit_id": COMMIT, "commit_url": url}


def mention(*, merged_at: str | None, repository: str = "acme/shop", number: int = 12) -> dict[str, Any]:
    subject = {
        "number": number,
        "repository_url": f"https://api.github.com/repos/{repository}",
        "pull_request": {"merged_at": merged_at},
    }
    return {"event": "cross-referenced", "source": {"type": "issue", "issue": subject}}


@pytest.mark.parametrize(
    ("events", "closer"),
    [
        ([by_commit("acme/shop")], Closer(commit=COMMIT)),
        ([by_commit("Acme/Shop")], Closer(commit=COMMIT)),
        ([by_commit("mallory/shop")], None),
        ([by_commit("acme/shop"), {"event": "reopened"}, CLOSED], None),
        ([mention(merged_at="2026-11-23T10:00:03Z"), CLOSED], Closer(pull=12)),
        ([mention(merged_at="2026-11-22T10:00:03Z"), CLOSED], None),
        ([mention(merged_at=None), CLOSED], None),
        ([mention(merged_at="2026-11-23T10:00:03Z", repository="mallory/shop"), CLOSED], None),
        ([{"event": "labeled"}, {"event": "cross-referenced", "source": {"issue": {"number": 3}}}], None),
        ([], None),
    ],
)
def test_names_a_commit_or_a_merged_pull_request_of_this_repository_alone(
    events: list[dict[str, Any]], closer: Closer | None
) -> None:
    assert closer_in(fitted(list[Event], json.dumps(events).encode()), repository="acme/shop") == closer
