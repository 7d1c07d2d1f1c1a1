"""The repositories that issues go to: which gates lead to each, with which token."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.app_stand_in import APP_ID, APPS, a_key, pem_of
from support.given_settings import HUSH

from booty.observability.config import Settings
from booty.observability.delivery.place import nowhere
from booty.observability.ledger.engines.sqlite import SqliteEngine
from booty.observability.places import Places

REQUIRED = {"SENTRY_WEBHOOK_SECRET": HUSH, "TARGET_REPO_URL": "acme/shop"}
TOKEN = {"GITHUB_TOKEN": "ghp_home"}
APP = {"GITHUB_APP_ID": APP_ID, "GITHUB_APP_PRIVATE_KEY": pem_of(a_key(APPS))}


def places(folder: Path, routes: dict[str, str | None], **given: str) -> Places:
    """Return the places of routes to each repository, with what the file of its token holds."""
    text = ""
    for number, (name, token) in enumerate(routes.items()):
        text += f'[[route]]\nproject = "{number}"\nrepository = "{name}"\n'
        if token is not None:
            (folder / f"{number}.token").write_text(token)
            text += f'token_file = "{folder}/{number}.token"\n'
    (folder / "routes.toml").write_text(text or '[[route]]\nproject = "0"\nmin_severity = "error"\n')
    return Places(Settings.load(REQUIRED | (given or TOKEN) | {"OBSV_ROUTES": str(folder / "routes.toml")}))


def token(of: Places, repository: str | None) -> str:
    github = of.github(repository)
    assert github is not None
    return github.credential.token()


def test_a_repository_with_the_settings_token_has_a_gate_of_its_own_behind_the_settings(tmp_path: Path) -> None:
    found = places(tmp_path, {"acme/site": None})

    home, site = found.gates_of(None), found.gates_of("Acme/Site")
    assert (home.own, home.shared) == ("gate", "gate")
    assert (site.own, site.shared, site.token) == ("gate@acme:site", "gate", home.token)
    assert found.gates_of("ACME/shop") == home
    assert (token(found, None), token(found, "acme/site")) == ("ghp_home", "ghp_home")


def test_a_token_of_its_own_has_a_gate_that_all_of_its_repositories_share(tmp_path: Path) -> None:
    found = places(tmp_path, {"other/app": "ghp_b", "other/web": "ghp_b\n", "third/app": "ghp_c"})

    app, web, third = map(found.gates_of, ("other/app", "other/web", "third/app"))
    assert app.shared == web.shared != third.shared
    assert app.repositories == web.repositories == ("other/app", "other/web")
    assert (token(found, "Other/Web"), token(found, "third/app")) == ("ghp_b", "ghp_c")
    assert len(found.tokens()) == 3
    assert "ghp" not in f"{app} {third} {found.tokens()}"


def test_the_settings_token_in_a_file_is_the_settings_token(tmp_path: Path) -> None:
    assert places(tmp_path, {"acme/site": "ghp_home"}).gates_of("acme/site").shared == "gate"


def test_a_new_token_in_the_same_file_keeps_its_gate_and_changes_its_mark(tmp_path: Path) -> None:
    before, after = (places(tmp_path, {"other/app": each}).gates_of("other/app") for each in ("ghp_b", "ghp_c"))

    assert before.shared == after.shared
    assert before.token != after.token


def test_each_owners_installation_of_an_app_is_a_token_of_its_own(tmp_path: Path) -> None:
    found = places(tmp_path, {"acme/site": None, "Other/app": None, "third/app": "ghp_c"}, **APP)

    site, other, third = map(found.gates_of, ("acme/site", "other/app", "third/app"))
    assert (site.shared, other.shared == third.shared) == ("gate", False)
    assert other.repositories == ("other/app",)
    assert [found.is_of_app(each) for each in (None, "other/app", "third/app")] == [True, True, False]


def test_a_repository_that_no_route_names_any_more_is_reached_as_the_settings_are(tmp_path: Path) -> None:
    found = places(tmp_path, {})

    assert found.names == ()
    assert (found.gates_of("acme/old").shared, token(found, "acme/old")) == ("gate", "ghp_home")


def test_a_preview_of_another_repository_is_in_a_folder_of_its_name(tmp_path: Path) -> None:
    given = {"BOOTY_PREVIEW": "1", "BOOTY_STATE_DIR": str(tmp_path / "state")}
    found = places(tmp_path, {"acme/Site": None}, **given)
    place = found.elsewhere(SqliteEngine(tmp_path / "state"), lambda _: True)("acme/Site")

    assert found.github("acme/Site") is None
    assert place.web.home == "github.com/acme/Site"
    assert place.code_context is None


def test_nothing_is_delivered_where_no_way_is_known() -> None:
    with pytest.raises(LookupError):
        nowhere("acme/site")
