"""The doctor, where a GitHub App takes the token's place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.app_stand_in import SLUG, AppSetUpStandIn, a_key, pem_of
from support.github_stand_in import REPOSITORY
from support.set_up import SetUp

HEADER = "github-authentication-token-expiration"


@pytest.fixture
def github() -> Iterator[AppSetUpStandIn]:
    with AppSetUpStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def up(tmp_path: Path, github: AppSetUpStandIn) -> SetUp:
    return SetUp(tmp_path, github)


def failure(up: SetUp) -> tuple[str, str]:
    (failed,) = up.failures()
    return failed.name, failed.then


def test_an_app_that_is_installed_and_may_write_is_well(up: SetUp) -> None:
    checks = {check.name: check for check in up.examine()}

    assert {check.level for check in checks.values()} == {"ok"}
    assert checks["app"].seen == f"{SLUG}[bot] is installed on acme"
    assert checks["token"].seen == "the App makes a new one each hour"
    assert checks["permission"].seen == "the App may write issues"


def test_an_apps_token_is_not_missed_when_it_ends(up: SetUp) -> None:
    up.github.headers[HEADER] = "2020-01-01 00:00:00 UTC"

    assert up.failures() == []


def test_rights_that_an_account_would_need_are_not_asked_of_an_app(up: SetUp) -> None:
    up.github.repository["permissions"] = {"pull": False, "push": False, "triage": False}

    assert up.failures() == []


def test_an_app_that_is_not_installed_is_named_once(up: SetUp, github: AppSetUpStandIn) -> None:
    github.installations.clear()

    name, then = failure(up)
    assert name == "app"
    assert then.startswith(f"install the App on {REPOSITORY}")


def test_a_suspended_installation_is_named_once(up: SetUp, github: AppSetUpStandIn) -> None:
    github.suspend()

    name, then = failure(up)
    assert name == "app"
    assert then.startswith("unsuspend the App's installation")


def test_a_permission_that_nobody_gave_is_named_once(up: SetUp, github: AppSetUpStandIn) -> None:
    github.installations[REPOSITORY]["permissions"]["issues"] = "read"

    name, then = failure(up)
    assert name == "permission"
    assert then.startswith("give the App 'Issues: read and write'")


def test_a_key_of_another_app_is_named_once(up: SetUp) -> None:
    up.environ["GITHUB_APP_PRIVATE_KEY"] = pem_of(a_key("another's"))

    name, then = failure(up)
    assert name == "app"
    assert "GITHUB_APP_PRIVATE_KEY_FILE" in then


def test_a_key_that_cannot_be_read_is_a_fault_of_the_settings(up: SetUp, tmp_path: Path) -> None:
    del up.environ["GITHUB_APP_PRIVATE_KEY"]
    up.environ["GITHUB_APP_PRIVATE_KEY_FILE"] = str(tmp_path / "absent.pem")

    assert failure(up)[0] == "settings"


def test_what_is_missing_is_made_as_the_app(up: SetUp) -> None:
    up.github.labels.clear()

    assert up.examine(is_fixing=True)
    assert up.failures() == []
