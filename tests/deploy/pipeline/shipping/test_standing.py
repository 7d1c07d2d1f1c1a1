"""How a release stands: only what every host says, only alerts, only since then."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from support.workflow.steps import Step

from deploy.pipeline import ship
from deploy.pipeline.shipping.standing import count_alerts, read_standing, since_when
from deploy.pipeline.target import STAGING

SHA = "1" * 40
SINCE = "2026-11-24T06:00:00.500+00:00"


def status(**changes: object) -> str:
    return json.dumps({"host": "box", "current": SHA, "healthy": True, "since": SINCE} | changes)


def logged(event: str, *, at: str = "2026-11-24T06:00:01.000001Z", **fields: str) -> str:
    line = json.dumps({"fingerprint": "2:7", **fields, "event": event, "timestamp": at})
    return f"2026-11-24T06:00:01+00:00 box booty[7]: {line}"


def test_is_told_by_the_droplet_and_its_log() -> None:
    asked: list[list[str]] = []

    def run(words: list[str], hear: Callable[[str], None]) -> int:
        asked.append(words)
        hear(status() if words[0] == "status" else logged("alert_accepted"))
        return 0

    assert read_standing(run, sha=SHA) == {"since": SINCE, "alerts": "1"}
    assert asked == [["status", "--json"], ["logs", "--since=2026-11-24T06:00:00", "--grep=alert_"]]


@pytest.mark.parametrize(("codes", "told"), [((255, 255), ("", "")), ((0, 64), (SINCE, ""))])
def test_what_the_droplet_does_not_say_is_not_known(codes: tuple[int, int], told: tuple[str, str]) -> None:
    def run(words: list[str], hear: Callable[[str], None]) -> int:
        if words[0] == "status":
            hear(status() if codes[0] == 0 else "ssh: no route to host")
            return codes[0]
        return codes[1]

    assert read_standing(run, sha=SHA) == dict(zip(("since", "alerts"), told, strict=True))


@pytest.mark.parametrize(
    ("lines", "since"),
    [
        ([status()], SINCE),
        (["note: x", status(), status(since="2026-11-25T06:00:00.000+00:00")], "2026-11-25T06:00:00.000+00:00"),
        ([status(), status(healthy=False)], ""),
        ([status(), status(current="2" * 40)], ""),
        ([status(since=None)], ""),
        ([status(since="yesterday $(id)")], ""),
        (["[]", "{", "{}", '{"current": 1}'], ""),
        ([], ""),
    ],
)
def test_every_host_must_serve_it(lines: list[str], since: str) -> None:
    assert since_when(lines, sha=SHA) == since


@pytest.mark.parametrize(
    ("line", "amount"),
    [
        (logged("alert_accepted"), 1),
        (logged("alert_ignored", reason="cooldown"), 1),
        (logged("alert_ignored", reason="not_handled"), 0),
        (logged("alert_unsigned"), 0),
        (logged("alert_accepted", fingerprint="1:1"), 0),  # a deploy's trial
        (logged("alert_accepted", at="2026-11-24T06:00:00.499999Z"), 0),
        (logged("alert_accepted", at="2026-11-24T06:00:01"), 0),
        (logged("alert_accepted", at="soon"), 0),
        ('box booty[7]: the text "alert_accepted"', 0),
        ("{" * 100_000, 0),
    ],
)
def test_alerts_are_counted_and_nothing_else(line: str, amount: int) -> None:
    assert count_alerts([line], since=SINCE) == amount


def test_staging_alone_is_asked_after_a_deploy(step: Step) -> None:
    sha = step.project.git("rev-parse", "HEAD")
    step.project.deploy_ends(0, says=f"{status(current=sha)}\n{logged('alert_accepted')}\n")
    asked = {"VERB": "deploy", "RELEASE_SHA": sha}

    assert ship.main(step.environment | asked, STAGING) == 0
    assert step.project.calls() == [f"deploy {sha}", "status --json", "logs --since=2026-11-24T06:00:00 --grep=alert_"]
    assert (step.outputs["sha"], step.outputs["since"], step.outputs["alerts"]) == (sha, SINCE, "1")
    assert "To undo it: `./deploy.sh --target staging rollback`." in step.summary
