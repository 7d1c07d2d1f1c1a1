"""Handing over with the real service: two workers, processes that are killed, a GitHub that leaves things out."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.fault_stories import alert, filed, is_all_filed
from support.github_stand_in import Fault, GitHubStandIn, Json
from support.service import Service, eventually

from booty.observability.alerts.handover.terms import AGENT, TRIAGE
from booty.observability.ledger.engines.sqlite_store import SqliteStore
from booty.observability.ledger.handover.budget import day_of

BUILDER = "agent:builder"
PLAIN = {"OBSV_PERMALINKS": "0", "OBSV_SUSPECTS": "0"}


@pytest.fixture
def github() -> Iterator[GitHubStandIn]:
    with GitHubStandIn() as stand_in:
        yield stand_in


def with_label(issues: list[Json], name: str) -> list[Json]:
    return [issue for issue in issues if name in {label["name"] for label in issue["labels"]}]


def turn_the_day(state: Path) -> None:
    """Let what was counted today have been counted yesterday."""
    today, yesterday = day_of(time.time()), day_of(time.time() - 24 * 3600)
    SqliteStore(state).change(
        lambda shelf: shelf.update({f"handed_over/{yesterday}": shelf.pop(f"handed_over/{today}", {})})
    )


def test_of_twelve_alerts_five_are_handed_over_through_a_kill_and_more_when_the_day_turns(
    github: GitHubStandIn, tmp_path: Path
) -> None:
    service = Service(tmp_path / "state", github.environ | PLAIN | {"OBSV_HANDOVER_PER_DAY": "5"})
    service.start()
    for number in range(1, 13):
        assert service.post(alert(number)).status == 202
    assert eventually(lambda: len(github.issues) >= 3)
    github.fail(Fault(creates=True, manner="hang"), path="/issues", times=1)
    assert eventually(lambda: len(github.issues) >= 5)
    service.kill()  # in the middle of a call that made an issue, and said nothing
    github.forgive()

    with service:
        assert is_all_filed(service)
        assert len(github.issues) == 12
        assert set(filed(github.issues).values()) == {1}
        assert (len(with_label(github.issues, BUILDER)), len(with_label(github.issues, TRIAGE))) == (5, 7)
        assert sum("5 issues were already handed over today (UTC)" in issue["body"] for issue in github.issues) == 7
        service.stop()
        turn_the_day(service.state)
        service.start()
        assert service.post(alert(13)).status == 202
        assert is_all_filed(service)
    assert len(with_label(github.issues, BUILDER)) == 6


def test_killed_between_the_two_calls_the_agent_is_assigned_once(github: GitHubStandIn, tmp_path: Path) -> None:
    service = Service(tmp_path / "state", github.environ | PLAIN | {"OBSV_HANDOVER": "copilot"})
    github.fail(Fault(manner="hang"), path="/assignees", times=1)
    service.start()
    assert service.post(alert(1)).status == 202
    assert eventually(lambda: any("assignees" in call.path for call in github.calls))
    service.kill()

    with service:
        assert eventually(lambda: bool(github.issues[0].get("assignees")), within=60.0)
    assert len(github.issues) == 1
    assert github.issues[0]["assignees"] == [{"login": "Copilot"}]
    assert [label["name"] for label in github.issues[0]["labels"]] == ["severity:error"]


def test_what_github_leaves_out_is_said_once_over_all_workers_and_the_issue_waits_for_a_person(
    github: GitHubStandIn, tmp_path: Path
) -> None:
    github.assignable = set()
    routes = tmp_path / "routes.toml"
    routes.write_text('[[route]]\nassignees = ["ada"]\n')
    settings = {"OBSV_HANDOVER": "copilot", "OBSV_ROUTES": str(routes)}
    with Service(tmp_path / "state", github.environ | PLAIN | settings) as service:
        for number in range(1, 5):
            assert service.post(alert(number)).status == 202
        assert eventually(lambda: len(with_label(github.issues, TRIAGE)) == 4, within=60.0)
        (agent,), (people,) = service.events("agent_dropped"), service.events("assignees_dropped")

    assert "pull_requests: write" in str(agent["permission"])
    assert (people["assignees"], people["permission"]) == (["ada"], "issues: write")


def test_labels_that_are_left_out_are_said_once(github: GitHubStandIn, tmp_path: Path) -> None:
    github.drop_labels()
    with Service(tmp_path / "state", github.environ | PLAIN | {"OBSV_HANDOVER": "gate"}) as service:
        for number in range(1, 4):
            assert service.post(alert(number)).status == 202
        assert is_all_filed(service)
        (dropped,) = service.events("labels_dropped")

    assert dropped["labels"] == [TRIAGE, "severity:error"]


def test_the_preview_shows_the_same(tmp_path: Path) -> None:
    settings = {"OBSV_HANDOVER": "copilot", "OBSV_HANDOVER_PER_DAY": "1"}
    with Service(tmp_path / "state", PLAIN | settings) as service:
        for number in (1, 2):
            assert service.post(alert(number)).status == 202
        files = [service.state / "issues" / f"{number}.md" for number in (1, 2)]
        assert eventually(lambda: files[1].exists() and AGENT in files[0].read_text() + files[1].read_text())
        assert is_all_filed(service)
    states = sorted(re.findall(r"^Open.*$", file.read_text(), re.MULTILINE)[0] for file in files)

    assert states == [f"Open `{TRIAGE}` `severity:error`", f"Open `severity:error`, assigned to `{AGENT}`"]


def test_an_issue_of_another_repository_is_assigned_there(tmp_path: Path) -> None:
    routes = tmp_path / "routes.toml"
    routes.write_text(
        '[[route]]\nrepository = "acme/pay"\nhandover = "copilot"\nassignees = ["ada"]\nlabels = ["pay"]\n'
    )
    with Service(tmp_path / "state", PLAIN | {"OBSV_ROUTES": str(routes)}) as service:
        assert service.post(alert(1)).status == 202
        file = service.state / "issues" / "acme/pay" / "1.md"
        assert eventually(lambda: file.exists() and "assigned" in file.read_text())

    assert f"\nOpen `severity:error` `pay`, assigned to `ada` `{AGENT}`\n" in file.read_text()
