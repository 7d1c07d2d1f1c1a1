"""Settings from the environment, and secrets from the files that it names."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.app_stand_in import APP_ID, APPS, a_key, key_file, pem_of
from support.given_settings import HUSH, REQUIRED, faults_of, load

from booty.observability.config import Settings
from booty.observability.config.environment import SECRETS
from booty.observability.config_errors import InvalidSettings

KEY = "GITHUB_APP_PRIVATE_KEY"
ADDRESSES = {
    "SENTRY_DSN": "https://key@o1.ingest.sentry.io/1",
    "OBSV_HEARTBEAT_URL": "https://hc-ping.com/uuid",
    "BOOTY_LEDGER_URL": "postgresql://booty:hush@db.example/ledger",
}
"""The secrets that are addresses."""


@pytest.mark.parametrize("on", ["1", "true", "on", "yes"])
def test_preview_needs_no_token(on: str) -> None:
    settings = Settings.load({"SENTRY_WEBHOOK_SECRET": HUSH, "TARGET_REPO_URL": "acme/shop", "BOOTY_PREVIEW": on})

    assert settings.preview
    assert settings.github_token is None


@pytest.mark.parametrize("off", ["0", "false", "off", "no", "OFF"])
def test_needs_a_token_when_preview_is_switched_off(off: str) -> None:
    environ = {"SENTRY_WEBHOOK_SECRET": HUSH, "TARGET_REPO_URL": "acme/shop", "BOOTY_PREVIEW": off}

    assert faults_of(environ) == {"GITHUB_TOKEN": "is not set"}


def test_a_byte_order_mark_before_a_secret_in_a_file_is_not_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(b"\xef\xbb\xbfghp_token\r\n")
    settings = Settings.load(
        {name: value for name, value in REQUIRED.items() if name != "GITHUB_TOKEN"}
        | {"GITHUB_TOKEN_FILE": str(tmp_path / "token")}
    )

    assert settings.github_token is not None
    assert settings.github_token.reveal() == "ghp_token"


@pytest.mark.parametrize("spelling", ["production", "Production", "PRODUCTION", "prod", "Prod", " production "])
def test_refuses_production_without_a_dsn_in_any_case(spelling: str) -> None:
    assert faults_of(REQUIRED | {"SENTRY_ENVIRONMENT": spelling}) == {"SENTRY_DSN": "is not set, in production"}


def test_production_with_a_dsn_is_fine_and_keeps_its_spelling() -> None:
    settings = load(SENTRY_ENVIRONMENT="Production", SENTRY_DSN="https://key@o1.ingest.sentry.io/1")

    assert settings.sentry_environment == "Production"


@pytest.mark.parametrize("name", SECRETS)
def test_reads_each_secret_from_a_file(name: str, tmp_path: Path) -> None:
    secret = (ADDRESSES | {KEY: pem_of(a_key(APPS))}).get(name, "read-from-a-file")
    pair = {"SENTRY_AUTH_TOKEN": {"SENTRY_ORG": "acme"}, KEY: {"GITHUB_APP_ID": APP_ID}}.get(name, {})
    (tmp_path / "credential").write_text(f"{secret}\n")
    unset = {name, "GITHUB_TOKEN"} if name == KEY else {name}
    environ = {key: value for key, value in REQUIRED.items() if key not in unset} | pair

    settings = Settings.load(environ | {f"{name}_FILE": str(tmp_path / "credential")})

    assert settings == Settings.load(environ | {name: secret})


def test_names_a_secrets_file_that_cannot_be_read_and_nothing_besides(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    environ = {"TARGET_REPO_URL": "acme/shop"} | {
        "SENTRY_WEBHOOK_SECRET_FILE": str(tmp_path / "absent"),
        "GITHUB_TOKEN_FILE": str(tmp_path / "binary"),
        "SENTRY_DSN_FILE": str(tmp_path),
        "SENTRY_ENVIRONMENT": "production",
    }

    assert faults_of(environ) == {
        "SENTRY_WEBHOOK_SECRET_FILE": f"'{tmp_path}/absent' cannot be read: No such file or directory",
        "GITHUB_TOKEN_FILE": f"'{tmp_path}/binary' cannot be read: not UTF-8 text",
        "SENTRY_DSN_FILE": f"'{tmp_path}' cannot be read: Is a directory",
    }


@pytest.mark.parametrize("name", SECRETS)
def test_does_not_show_a_secret_that_is_given_where_its_file_should_be(name: str) -> None:
    given = (ADDRESSES | {KEY: pem_of(a_key(APPS))}).get(name, "sunshine-" * 3)

    with pytest.raises(InvalidSettings) as refusal:
        Settings.load({f"{name}_FILE": given})

    assert f"{name}_FILE: what it names cannot be read" in str(refusal.value)
    assert given.strip().splitlines()[0] not in str(refusal.value)


@pytest.mark.parametrize("name", ["SENTRY_WEBHOOK_SECRET", "GITHUB_TOKEN"])
def test_an_empty_secrets_file_opens_no_door(name: str, tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    environ = {key: value for key, value in REQUIRED.items() if key != name}

    assert list(faults_of(environ | {f"{name}_FILE": str(tmp_path / "empty")})) == [name]


def test_refuses_a_secret_given_twice(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("another")

    assert faults_of(REQUIRED | {"GITHUB_TOKEN_FILE": str(tmp_path / "token")}) == {
        "GITHUB_TOKEN_FILE": "is set beside GITHUB_TOKEN"
    }


@pytest.mark.parametrize(
    ("given", "missing", "problem"),
    [
        ({"SENTRY_AUTH_TOKEN": "sntrys_x"}, "SENTRY_ORG", "is not set, but SENTRY_AUTH_TOKEN is"),
        ({"SENTRY_ORG": "acme"}, "SENTRY_AUTH_TOKEN", "is not set, but SENTRY_ORG is"),
        ({"GITHUB_APP_ID": APP_ID, "GITHUB_TOKEN": ""}, KEY, "is not set, but GITHUB_APP_ID is"),
        ({KEY: pem_of(a_key(APPS)), "GITHUB_TOKEN": ""}, "GITHUB_APP_ID", f"is not set, but {KEY} is"),
    ],
)
def test_refuses_half_of_a_pair(given: dict[str, str], missing: str, problem: str) -> None:
    assert faults_of(REQUIRED | given) == {missing: problem}


def test_takes_a_whole_pair_with_the_token_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("sntrys_x\n")

    settings = load(SENTRY_ORG="acme", SENTRY_AUTH_TOKEN_FILE=str(tmp_path / "token"))

    assert (settings.sentry_org, settings.sentry_auth_token is None) == ("acme", False)


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_that_is_not_set_is_read_from_systemds_credentials(tmp_path: Path, name: str) -> None:
    given = {
        "SENTRY_AUTH_TOKEN": HUSH,
        "SENTRY_ORG": "acme",
        **ADDRESSES,
        "OBSV_PAGE_PASSWORD": HUSH,
        **REQUIRED,
    }
    if name == KEY:
        given |= {KEY: pem_of(a_key(APPS)), "GITHUB_APP_ID": APP_ID, "GITHUB_TOKEN": ""}
    (tmp_path / name).write_text(f"{given[name]}\n")
    others = {key: value for key, value in given.items() if key != name}

    settings = Settings.load({**others, "CREDENTIALS_DIRECTORY": str(tmp_path)})

    assert settings == Settings.load(given)


def test_what_the_environment_says_goes_before_a_credential(tmp_path: Path) -> None:
    (tmp_path / "GITHUB_TOKEN").write_text("another")

    settings = Settings.load({**REQUIRED, "CREDENTIALS_DIRECTORY": str(tmp_path)})

    assert settings.github_token is not None
    assert settings.github_token.reveal() == REQUIRED["GITHUB_TOKEN"]


def test_a_token_and_an_app_are_not_both_set(tmp_path: Path) -> None:
    app = {"GITHUB_APP_ID": APP_ID, f"{KEY}_FILE": str(key_file(tmp_path))}

    assert faults_of(REQUIRED | app) == {"GITHUB_APP_ID": "is set beside GITHUB_TOKEN"}
    assert faults_of(REQUIRED | {"GITHUB_APP_ID": APP_ID}) == {
        "GITHUB_APP_ID": "is set beside GITHUB_TOKEN",
        KEY: "is not set, but GITHUB_APP_ID is",
    }
