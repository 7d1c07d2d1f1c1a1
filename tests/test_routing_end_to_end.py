"""Alerts by their routes with the real service: two repositories, deaths, regressions, mutes, closings on both."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from support.github_repositories import GitHubRepositories, two
from support.github_stand_in import GitHubStandIn, Json
from support.sentry_events import PROJECT, body_of, sample
from support.service import Service, eventually

from booty.observability.alerts.issue import MUTE
from booty.observability.issues.draft import marker_of

SETTINGS = {"OBSV_PERMALINKS": "0", "OBSV_SUSPECTS": "0", "OBSV_ROUTES": "routes.toml"}
ROUTES = """
[[route]]
environment = ["production", "prod-*"]
labels = ["shop", "live"]

[[route]]
environment = "staging"
repository = "Acme/Web"
trigger_label = "agent:web"
cooldown_hours = 0.0001

[[route]]
environment = "test"
drop = true
"""
SHOP, WEB = "acme/shop", "acme/web"
PLACES = {"production": SHOP, "staging": WEB}


class World:
    """One service with its routes, and a GitHub with two repositories."""

    def __init__(self, directory: Path, github: GitHubRepositories) -> None:
        self.github = github
        routes = directory / "routes.toml"
        routes.write_text(ROUTES)
        self.state = directory / "state"
        self.service = Service(self.state, github.environ | SETTINGS | {"OBSV_ROUTES": str(routes)})
        self.events = count(1)

    def alert(self, problem: int, environment: str, **more: object) -> int:
        """Let Sentry send an alert; return the answer's status."""
        event = {"project": PROJECT, "issue_id": str(problem), "event_id": f"{next(self.events):032x}"}
        known = event | {"level": "error", "environment": environment} | more
        return self.service.post(body_of({"action": "triggered", "data": {"event": known}})).status

    def change(self, problem: int, name: str) -> int:
        """Bring one of Sentry's `issue` webhooks."""
        payload = sample(f"issue.{name}")
        seen = f"2099-01-01T00:00:{next(self.events) % 60:02}Z"
        issue = {"id": str(problem), "project": {"id": str(PROJECT), "slug": "booty"}, "lastSeen": seen}
        payload["data"]["issue"] |= issue
        return self.service.post(body_of(payload), resource="issue").status

    def issues(self, place: str) -> list[Json]:
        return self.github.of[place].issues

    def of(self, place: str, problem: int) -> Json:
        """Return the one issue of a problem in a repository."""
        marked = [(marker_of(issue["body"]), issue) for issue in self.issues(place)]
        [issue] = [one for marker, one in marked if marker and marker.fingerprint == f"{PROJECT}:{problem}"]
        return issue

    def is_quiet(self) -> bool:
        """Return whether nothing is owed."""
        status = self.service.get("/health").content
        return "deliveries" not in status and self.owed == 0

    @property
    def owed(self) -> int:
        """How many jobs are owed, as the operator sees it."""
        from support.ledger_doors import Ledger  # noqa: PLC0415 - here alone

        return Ledger(self.state).owed


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with two() as github:
        yield World(tmp_path, github)


def labels(issue: Json) -> set[str]:
    return {each if isinstance(each, str) else each["name"] for each in issue["labels"]}


def test_one_problem_has_an_issue_in_each_repository_with_what_its_route_says(world: World) -> None:
    with world.service:
        answers = [world.alert(1, place) for place in ("production", "staging", "test")]
        assert eventually(lambda: all(world.issues(place) for place in (SHOP, WEB)))

    shop, web = world.of(SHOP, 1), world.of(WEB, 1)
    assert answers == [202, 202, 200]
    assert labels(shop) == {"agent:builder", "severity:error", "shop", "live"}
    assert labels(web) == {"agent:web", "severity:error"}
    assert marker_of(shop["body"]) != marker_of(web["body"])
    assert "@" not in str(marker_of(web["body"]))


def test_a_change_in_sentry_reaches_both_and_a_mute_in_one_is_none_in_the_other(world: World) -> None:
    with world.service:
        world.alert(1, "production")
        world.alert(1, "staging")
        assert eventually(lambda: all(world.issues(place) for place in (SHOP, WEB)))
        web = world.github.of[WEB]
        web.issues[0]["labels"] = [*web.issues[0]["labels"], {"name": MUTE}]
        world.change(1, "resolved")

        assert eventually(lambda: world.of(SHOP, 1)["state"] == "closed" and world.of(WEB, 1)["state"] == "closed")
        assert eventually(world.is_quiet)
        assert not {MUTE} & labels(world.of(SHOP, 1))


def test_a_closing_that_is_polled_in_one_repository_is_of_that_one_alone(world: World) -> None:
    """The numbers are the same on both sides; the closing passes the cooldown on its own side."""
    routes = Path(world.service.environ["OBSV_ROUTES"])
    routes.write_text(ROUTES.replace("cooldown_hours = 0.0001\n", ""))
    with world.service:
        world.alert(1, "production")
        world.alert(1, "staging")
        assert eventually(lambda: all(world.issues(place) for place in (SHOP, WEB)))
        assert eventually(world.is_quiet)
        numbers = [world.of(place, 1)["number"] for place in (SHOP, WEB)]
        world.github.of[WEB].change(1, state="closed", state_reason="completed")
        polled = f"/repos/{WEB}/issues"

        assert eventually(
            lambda: any(_is_poll(call.method, call.path, call.query, polled) for call in world.github.calls)
        )
        assert eventually(lambda: world.alert(1, "staging", release="booty@" + "c" * 40) in {200, 202})
        assert eventually(lambda: world.of(WEB, 1)["state"] == "open")
        assert world.alert(1, "production") == 200
        assert (numbers, world.of(SHOP, 1)["state"]) == ([1, 1], "open")


def _is_poll(method: str, path: str, query: dict[str, str], wanted: str) -> bool:
    return (method, path.lower(), query.get("sort")) == ("GET", wanted, "updated")


def test_after_the_settings_name_another_repository_each_issue_stays_its_own(world: World) -> None:
    """Both have a number 1 by then, the known problem has an issue in each, and both hear of its end."""
    with world.service:
        world.alert(1, "development")
        assert eventually(lambda: bool(world.issues(SHOP)))
        assert eventually(world.is_quiet)
    before = dict(world.of(SHOP, 1))
    Path(world.service.environ["OBSV_ROUTES"]).write_text("[[route]]\nlabels = ['moved']\n")
    world.service = Service(world.state, world.service.environ | {"TARGET_REPO_URL": WEB})

    with world.service:
        assert world.alert(1, "development") == 202
        assert eventually(lambda: bool(world.issues(WEB)))
        assert eventually(world.is_quiet)
        assert world.of(SHOP, 1) == before
        world.change(1, "resolved")
        assert eventually(lambda: {world.of(place, 1)["state"] for place in (SHOP, WEB)} == {"closed"})

    assert [world.of(place, 1)["number"] for place in (SHOP, WEB)] == [1, 1]


@pytest.mark.parametrize("seed", [1, 2])
def test_through_deaths_every_alert_is_at_its_place_once(world: World, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a story that can be told again
    sent: set[tuple[int, str]] = set()
    with world.service:
        for _ in range(30):
            problem, environment = chance.randint(1, 4), chance.choice(list(PLACES))
            if world.alert(problem, environment, level=chance.choice(["error", "fatal"])) in {200, 202}:
                sent.add((problem, PLACES[environment]))
            if chance.random() < 0.15:
                world.change(problem, chance.choice(["resolved", "ignored", "unresolved"]))
            if chance.random() < 0.15:
                world.service.kill()
                world.service.start()
        assert eventually(world.is_quiet, within=150)

    for place in (SHOP, WEB):
        _all_is_at_its_place(world.github.of[place], {problem for problem, where in sent if where == place}, world)


def _all_is_at_its_place(there: GitHubStandIn, problems: set[int], world: World) -> None:
    markers = [marker_of(issue["body"]) for issue in there.issues]
    assert sorted(marker.fingerprint for marker in markers if marker) == sorted(f"{PROJECT}:{one}" for one in problems)
    refused = [line for line in world.service.log_lines() if line["event"] in {"delivery_refused", "delivery_failed"}]
    assert refused == []
    assert json.dumps(there.comments).count("booty:fingerprint") == 0
