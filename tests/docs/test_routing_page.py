"""The files that docs/routing.md shows are files of routes, and the page lists what a route can say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.operator import run
from support.pages import codes, page, rows

from booty.observability.config.routes.reading import routes_in
from booty.observability.config.routes.values import CONDITIONS, SETTINGS

PAGE = page("docs/routing.md")
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_read_as_it_stands(example: str, tmp_path: Path) -> None:
    for name in ("acme.token", "other.token"):
        (tmp_path / name).write_text("github_pat_x")

    routes = routes_in(
        example.replace("/etc/booty", str(tmp_path)), default="acme/rest", api_url="https://api.github.com"
    )

    assert len(routes) == example.count("[[route]]")


def test_there_are_three_examples() -> None:
    assert len(EXAMPLES) == 3


def test_every_key_of_a_route_is_listed_and_no_other() -> None:
    conditions = {name for names, _ in rows(PAGE, "condition") for name in codes(names)}
    settings = {name for names, _ in rows(PAGE, "setting") for name in codes(names)}

    assert conditions == {*CONDITIONS, "tag.NAME"} - {"tag"}
    assert settings == {*SETTINGS, "drop = true"} - {"drop"}


def test_the_command_shows_what_the_page_says_that_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (command, shown) = re.findall(r"\$ OBSV_ROUTES=routes.toml booty (.*)\n(.*?)```", PAGE, re.DOTALL)[0]
    (tmp_path / "routes.toml").write_text('[[route]]\nproject = ["shop", "shop-*"]\nrepository = "acme/shop"\n')
    monkeypatch.chdir(tmp_path)

    assert run(tmp_path, *command.split(), OBSV_ROUTES="routes.toml").stdout == shown
