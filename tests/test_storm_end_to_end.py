"""A storm through real processes: workers killed in it, a GitHub that fails; nothing is lost, nothing comes twice."""

from __future__ import annotations

import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from support.github_stand_in import Fault, GitHubStandIn
from support.sentry_events import PROJECT, body_of
from support.service import Service, eventually

from booty.observability.ledger.engines.sqlite_store import SqliteStore
from booty.observability.ledger.inspection import Inspection

PROBLEMS, SINGLE = 60, 4
SETTINGS = {"OBSV_PERMALINKS": "0", "OBSV_SUSPECTS": "0", "WEB_CONCURRENCY": "2", "OBSV_STORM": f"{SINGLE}/1h"}
TOTAL = re.compile(r"\*\*([\d,]+) problems")
OF_A_STORM = "booty:fingerprint=booty:storm "


def problem(number: int) -> bytes:
    event = {"project": PROJECT, "issue_id": str(number), "event_id": f"{number:032x}", "level": "error"}
    return body_of({"action": "triggered", "data": {"event": event}})


def told(bodies: list[str]) -> int:
    """Return how many problems the digests and the single issues tell of together."""
    totals = (int(found[1]) for body in bodies if OF_A_STORM in body and (found := TOTAL.search(body)))
    return sum(totals) + sum(1 for body in bodies if OF_A_STORM not in body)


def test_a_storm_is_told_whole_through_kills_and_failures(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with GitHubStandIn() as github, Service(state, github.environ | SETTINGS) as service:
        with ThreadPoolExecutor(8) as callers:
            statuses = list(callers.map(lambda number: service.post(problem(number)).status, range(1, PROBLEMS)))
        service.kill()
        github.fail(Fault(502, {}, b"{}"), times=2)
        service.start()
        statuses.append(service.post(problem(PROBLEMS)).status)
        assert eventually(lambda: any(OF_A_STORM in issue["body"] for issue in github.issues), within=120)
        service.kill()
        service.start()
        found = Inspection(SqliteStore(state))
        assert eventually(lambda: found.look(now=time.time()).owed == 0, within=120)
        assert eventually(lambda: told([issue["body"] for issue in github.issues]) == PROBLEMS, within=120)

    bodies = [issue["body"] for issue in github.issues]
    names = Counter(re.findall(r"booty:fingerprint=(\S+) ", "\n".join(bodies)))
    assert statuses == [202] * PROBLEMS
    assert (len(bodies), set(names.values())) == (SINGLE + 1, {1})


def test_the_preview_shows_a_storm_too(tmp_path: Path) -> None:
    with Service(tmp_path / "state", SETTINGS | {"OBSV_STORM": "1/1h"}) as service:
        for number in range(1, 4):
            assert service.post(problem(number)).status == 202
        issues = tmp_path / "state" / "issues"

        assert eventually(lambda: any(OF_A_STORM in path.read_text() for path in issues.glob("*.md")))
