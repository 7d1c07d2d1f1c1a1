"""`booty route` shows which route an alert takes, what that sets, why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.hostile import TEXTS
from support.operator import Done, run

TEXT = """[[route]]
project = ["shop", "shop-*"]
environment = "staging"
drop = true

[[route]]
organization = "acme"
project = "4501"
tag.team = "pay*"
repository = "acme/pay"
min_severity = "warning"
cooldown_hours = 0.5
labels = ["pay"]
assignees = ["octocat"]
handover = "gate"
"""


@pytest.fixture
def routes(tmp_path: Path) -> str:
    path = tmp_path / "routes.toml"
    path.write_text(TEXT)
    return str(path)


def ask(state: Path, routes: str, *options: str, **settings: str) -> Done:
    return run(state, "route", *options, OBSV_ROUTES=routes, **settings)


def test_shows_the_route_what_it_sets_and_why(state: Path, routes: str) -> None:
    done = ask(
        state, routes, "--organization", "acme", "--project", "4501", "--tag", "team=payments", "--level", "info"
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"the route in line 6 of {routes}",
        "",
        "  repository      acme/pay",
        "  least severity  warning; this alert is below that",
        "  cooldown        0.5 h",
        "  labels          agent:builder, pay",
        "  assignees       octocat",
        "  hand-over       gate",
        "  token           GITHUB_TOKEN",
        "",
        "why",
        "  line 1          no: project 4501, not shop or shop-*",
        "  line 6          yes: organization acme is acme, project 4501 is 4501, tag.team payments is pay*",
    ]


def test_names_the_app_where_there_is_one_without_its_key(state: Path, routes: str) -> None:
    app = {"GITHUB_TOKEN": "", "GITHUB_APP_ID": "123456", "GITHUB_APP_PRIVATE_KEY_FILE": "/nonexistent/app.pem"}
    done = ask(state, routes, "--project", "other", **app)

    assert done.returncode == 0
    assert "  token           the App's\n" in done.stdout


def test_says_that_nothing_is_filed(state: Path, routes: str) -> None:
    done = ask(state, routes, "--project", "shop", "--environment", "staging")

    assert "  nothing is filed (drop)\n" in done.stdout
    assert "  line 1          yes: project shop is shop or shop-*, environment staging is staging\n" in done.stdout


def test_shows_what_holds_where_no_route_takes_the_alert(state: Path, routes: str) -> None:
    done = ask(state, routes, "--project", "shop", "--environment", "production", OBSV_COOLDOWN_HOURS="3")

    assert done.stdout.startswith(f"no route of {routes}: as the settings say\n\n  repository      acme/shop\n")
    assert "  cooldown        3 h\n" in done.stdout
    assert done.stdout.endswith("  default         yes: no route takes it\n")


def test_needs_no_routes_and_no_secrets(state: Path) -> None:
    bare = {"SENTRY_WEBHOOK_SECRET": "", "GITHUB_TOKEN": ""}

    assert run(state, "route", "--project", "shop", **bare).stdout.startswith(
        "no routes are set: as the settings say\n"
    )


def test_says_where_the_repository_would_stand_if_it_is_not_set_here(state: Path) -> None:
    told = run(state, "route", TARGET_REPO_URL="").stdout
    to_a_machine = run(state, "route", "--json", TARGET_REPO_URL="").stdout

    assert "  repository      that of TARGET_REPO_URL, which is not set here\n" in told
    assert json.loads(to_a_machine)["repository"] is None


def test_tells_a_machine_the_same(state: Path, routes: str) -> None:
    dropped = json.loads(ask(state, routes, "--project", "shop", "--environment", "staging", "--json").stdout)
    filed = json.loads(ask(state, routes, "--level", "info", "--json").stdout)

    assert (dropped["line"], dropped["drop"], dropped["ignored"], dropped["repository"]) == (1, True, "no_route", None)
    assert (filed["line"], filed["ignored"], filed["repository"]) == (0, "below_severity", "acme/shop")
    assert [(each["line"], each["takes_it"]) for each in filed["why"]] == [(1, False), (6, False), (0, True)]


def test_lists_what_is_wrong_with_the_file(state: Path, tmp_path: Path) -> None:
    path = tmp_path / "routes.toml"
    path.write_text('[[route]]\nprojct = "shop"\n')

    assert ask(state, str(path)) == Done(
        78,
        "",
        "1 setting is missing or wrong:\n  OBSV_ROUTES: line 2: 'projct' is not known\n      did you mean project?\n",
    )
    assert ask(state, "/nonexistent").returncode == 78


@pytest.mark.parametrize("options", [["--level", "bad"], ["--tag", "team"], ["--tag", "=x"], ["shop"]])
def test_refuses_a_wrong_option(state: Path, routes: str, options: list[str]) -> None:
    assert ask(state, routes, *options).returncode == 2


@pytest.mark.parametrize("text", [each for each in TEXTS if "\0" not in each])
def test_no_text_steers_the_terminal(state: Path, routes: str, text: str) -> None:
    done = ask(state, routes, "--project", text, "--environment", text, "--tag", f"team={text}")

    assert done.returncode == 0
    assert all(each.isprintable() for each in done.stdout.split("\n"))
    assert len(done.stdout.splitlines()) == 14


def test_creates_nothing(state: Path, routes: str) -> None:
    before = sorted(state.rglob("*")) if state.exists() else None
    ask(state, routes, "--project", "shop")

    assert (sorted(state.rglob("*")) if state.exists() else None) == before


def test_an_app_stands_in_for_the_token(tmp_path: Path) -> None:
    assert "token           the App's" in run(tmp_path, "route", GITHUB_APP_ID="7").stdout
