"""Settings, built from a mapping as the environment would give them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict
from support.given_settings import HUSH, REQUIRED, faults_of, load

from booty.observability.alerts.severity import Severity
from booty.observability.alerts.storm.limit import StormLimit
from booty.observability.config import Settings
from booty.observability.config.environment import SECRETS
from booty.observability.config_errors import REMEDIES, InvalidSettings
from booty.observability.text.sealed import Secret

EXAMPLE = Path(__file__).parents[2] / ".env.example"


def test_the_required_settings_are_enough_and_the_rest_has_its_default() -> None:
    settings = load()

    assert asdict(settings) == {
        "webhook_secrets": (Secret(HUSH),),
        "github_token": Secret(REQUIRED["GITHUB_TOKEN"]),
        "repository": "acme/shop",
        "github_app_id": None,
        "github_app_private_key": None,
        "github_api_url": "https://api.github.com",
        "github_api_version": "2022-11-28",
        "trigger_label": "agent:builder",
        "handover": "label",
        "handover_per_day": 0,
        "protected_paths": None,
        "min_severity": Severity.ERROR,
        "min_severity_performance": None,
        "min_severity_feedback": None,
        "min_severity_cron": None,
        "min_severity_uptime": None,
        "min_severity_metric": None,
        "cooldown_hours": 6.0,
        "follow": True,
        "reopen_window_days": 30.0,
        "permalinks": True,
        "suspects": True,
        "new_release_minutes": 30.0,
        "verify_days": 0.0,
        "storm": StormLimit(30, 600.0),
        "state_dir": Path("var"),
        "ledger_url": None,
        "page_password": None,
        "preview": False,
        "candidate": False,
        "app": None,
        "sentry_dsn": None,
        "sentry_release": None,
        "locals": False,
        "personal_data": "masked",
        "sentry_auth_token": None,
        "sentry_org": None,
        "sentry_url": "https://sentry.io",
        "reconcile": "gap",
        "sentry_environment": "development",
        "sentry_sample_rate": 1.0,
        "heartbeat_url": None,
        "silence_hours": 0.0,
        "metrics_bind": None,
        "metrics_public": False,
        "routes": None,
        "port": None,
        "workers": 2,
        "unknown_names": (),
    }


def test_names_every_required_setting_at_once_with_what_to_do() -> None:
    with pytest.raises(InvalidSettings) as refusal:
        Settings.load({})

    assert str(refusal.value) == (
        "3 settings are missing or wrong:\n"
        "  SENTRY_WEBHOOK_SECRET: is not set\n"
        "      set the client secret of the Sentry integration; comma-separated during rotation\n"
        "  TARGET_REPO_URL: is not set\n"
        "      set the repository that gets the issues, such as https://github.com/owner/repo\n"
        "  GITHUB_TOKEN: is not set\n"
        "      set a fine-grained token with 'issues: write' there, or GITHUB_APP_ID; BOOTY_PREVIEW=1 needs none"
    )


WRONG = {
    "SENTRY_WEBHOOK_SECRET": " , ",
    "TARGET_REPO_URL": "https://github.com/acme",
    "GITHUB_TOKEN": "two words",
    "GITHUB_APP_ID": "my app",
    "GITHUB_APP_PRIVATE_KEY": "app.pem",
    "GITHUB_API_URL": "http://api.github.com",
    "GITHUB_API_VERSION": "v3",
    "TRIGGER_LABEL": "agent,builder",
    "OBSV_HANDOVER": "robot",
    "OBSV_HANDOVER_PER_DAY": "-1",
    "OBSV_PROTECTED_PATHS": "../etc",
    "OBSV_MIN_SEVERITY": "eror",
    "OBSV_MIN_SEVERITY_PERFORMANCE": "yes",
    "OBSV_MIN_SEVERITY_FEEDBACK": "eror",
    "OBSV_MIN_SEVERITY_CRON": "1",
    "OBSV_MIN_SEVERITY_UPTIME": "Info",
    "OBSV_MIN_SEVERITY_METRIC": "eror",
    "OBSV_COOLDOWN_HOURS": "0",
    "OBSV_FOLLOW": "perhaps",
    "OBSV_REOPEN_WINDOW_DAYS": "a month",
    "OBSV_PERMALINKS": "perhaps",
    "OBSV_SUSPECTS": "perhaps",
    "OBSV_NEW_RELEASE_MINUTES": "-1",
    "OBSV_VERIFY_DAYS": "a week",
    "OBSV_STORM": "30 in 10 minutes",
    "OBSV_LOCALS": "perhaps",
    "OBSV_PERSONAL_DATA": "some",
    "SENTRY_AUTH_TOKEN": "two words",
    "SENTRY_ORG": "Not/A/Slug",
    "SENTRY_URL": "ftp://sentry.example",
    "OBSV_RECONCILE": "always",
    "OBSV_PAGE_PASSWORD": "seven77",
    "BOOTY_STATE_DIR": "/dev/null/state",
    "BOOTY_LEDGER_URL": "mysql://user@host/ledger",
    "BOOTY_PREVIEW": "perhaps",
    "BOOTY_CANDIDATE": "perhaps",
    "BOOTY_APP": "shop.wsgi",
    "SENTRY_DSN": "https://o1.ingest.sentry.io/1",
    "SENTRY_RELEASE": "a/b",
    "SENTRY_ENVIRONMENT": "my production",
    "SENTRY_SAMPLE_RATE": "1.5",
    "OBSV_HEARTBEAT_URL": "hc-ping.com/uuid",
    "OBSV_SILENCE_HOURS": "-1",
    "OBSV_METRICS_BIND": "9464",
    "OBSV_METRICS_PUBLIC": "perhaps",
    "OBSV_ROUTES": "/nonexistent/routes.toml",
    "PORT": "65536",
    "WEB_CONCURRENCY": "two",
}


def test_names_every_wrong_setting_at_once() -> None:
    assert list(faults_of(WRONG)) == list(WRONG)
    assert list(WRONG) == list(REMEDIES)


def test_quotes_no_secret_when_it_refuses_one() -> None:
    secrets = {"GITHUB_TOKEN": "ghp_first second", "SENTRY_DSN": "postgres://user:swordfish@host/1"}

    with pytest.raises(InvalidSettings) as refusal:
        load(**secrets)

    assert set(faults_of(REQUIRED | secrets)) == set(secrets)
    assert not re.search("ghp_first|swordfish", str(refusal.value))


def test_shows_no_secret_when_it_is_printed() -> None:
    settings = load(SENTRY_DSN="https://swordfish@o1.ingest.sentry.io/1")

    assert not re.search(f"{HUSH}|github_pat_x|swordfish", f"{settings!r} {settings} {asdict(settings)}")


def test_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        load().repository = "evil/repo"  # type: ignore[misc]  # what must fail at run time as well


@pytest.mark.parametrize("name", ["SENTRY_WEBHOOK_SECRET", "TARGET_REPO_URL", "GITHUB_TOKEN"])
@pytest.mark.parametrize("blank", ["", "  ", "\n"])
def test_takes_a_blank_required_setting_for_missing(name: str, blank: str) -> None:
    assert faults_of(REQUIRED | {name: blank}) == {name: "is not set"}


def test_takes_a_blank_optional_setting_for_its_default() -> None:
    blank = dict.fromkeys(set(REMEDIES) - set(REQUIRED), " ")

    assert load(**blank) == load()


def test_each_kind_of_problem_may_have_its_own_least_severity() -> None:
    settings = load(OBSV_MIN_SEVERITY_PERFORMANCE="info", OBSV_MIN_SEVERITY_METRIC="fatal", OBSV_MIN_SEVERITY_CRON="")

    assert settings.min_severity_of == {"performance": Severity.INFO, "metric": Severity.FATAL}


@pytest.mark.parametrize(("hours", "seconds"), [("6", 21_600), ("0.5", 1_800), ("0.001", 3.6), ("8760", 31_536_000)])
def test_counts_the_cooldown_in_hours(hours: str, seconds: float) -> None:
    assert load(OBSV_COOLDOWN_HOURS=hours).cooldown_seconds == pytest.approx(seconds)


@pytest.mark.parametrize("name", ["OBSV_FOLLOW", "OBSV_COOLDOWN_HOURS", "TRIGGER_LABEL", "SENTRY_RELEASE"])
def test_shows_an_operator_no_words_of_the_library_that_checks(name: str) -> None:
    assert faults_of(REQUIRED | {name: "so, so"}) == {name: "cannot be used"}


@given(st.dictionaries(st.sampled_from([*REMEDIES, *(f"{name}_FILE" for name in SECRETS)]), st.text()))
def test_whatever_the_environment_holds_it_is_settings_or_a_list_of_faults(environ: dict[str, str]) -> None:
    try:
        settings = Settings.load(environ)
    except InvalidSettings as refusal:
        names = [fault.name for fault in refusal.faults]
    else:
        names = [secret.reveal() for secret in settings.webhook_secrets]

    assert all(names)
    assert len(names) > 0


def example_lines() -> dict[str, tuple[str, bool]]:
    """Return the settings of `.env.example`: value, and whether the line is commented out."""
    pattern = re.compile(r"(#?)([A-Z][A-Z_]+)=(\S*)")
    found = [match for line in EXAMPLE.read_text().splitlines() if (match := pattern.fullmatch(line))]
    return {match[2]: (match[3], bool(match[1])) for match in found}


def test_the_example_file_names_every_setting_and_no_other() -> None:
    gunicorns = {"GUNICORN_CMD_ARGS"}

    assert set(example_lines()) - gunicorns == set(REMEDIES) | {f"{name}_FILE" for name in SECRETS}
    assert set(REMEDIES) == set(Settings.__struct_encode_fields__) - {"unknown_names"}
    assert gunicorns <= set(example_lines())


def test_the_example_file_sets_nothing_and_ships_no_dummy_secret() -> None:
    given = {name for name, (_, is_comment) in example_lines().items() if not is_comment}

    assert given == set(REQUIRED)
    assert all(example_lines()[name][0] == "" for name in REQUIRED)


def test_the_example_file_shows_the_defaults() -> None:
    shown = {name: value for name, (value, is_comment) in example_lines().items() if is_comment and value}

    assert Settings.load(REQUIRED | shown) == load()
    assert set(REMEDIES) - set(REQUIRED) - set(shown) == {
        "BOOTY_APP", "OBSV_HEARTBEAT_URL", "OBSV_METRICS_BIND", "OBSV_ROUTES",
        "PORT", "SENTRY_AUTH_TOKEN", "SENTRY_DSN", "SENTRY_ORG", "SENTRY_RELEASE",
        "OBSV_MIN_SEVERITY_PERFORMANCE", "OBSV_MIN_SEVERITY_FEEDBACK", "OBSV_MIN_SEVERITY_CRON",
        "OBSV_MIN_SEVERITY_UPTIME", "OBSV_MIN_SEVERITY_METRIC", "OBSV_PAGE_PASSWORD",
        "GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY", "BOOTY_LEDGER_URL", "OBSV_PROTECTED_PATHS",
    }  # fmt: skip
