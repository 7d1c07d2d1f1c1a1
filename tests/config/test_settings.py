"""Settings, built from a mapping as the environment would give them."""

from __future__ import annotations

import os
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from support.other_user import acting_as_nobody

from booty.observability.alerts.severity import Severity
from booty.observability.config import Settings
from booty.observability.config.environment import SECRETS
from booty.observability.config_errors import REMEDIES, InvalidSettings, UnknownName

HUSH = "hush-hush-hush-hush"
REQUIRED = {"SENTRY_WEBHOOK_SECRET": HUSH, "TARGET_REPO_URL": "acme/shop", "GITHUB_TOKEN": "github_pat_x"}
EXAMPLE = Path(__file__).parents[2] / ".env.example"


def load(**changes: str) -> Settings:
    return Settings.load(REQUIRED | changes)


def faults_of(environ: dict[str, str]) -> dict[str, str]:
    """Return the faults of settings that must be refused: the problem by name."""
    with pytest.raises(InvalidSettings) as refusal:
        Settings.load(environ)
    return {fault.name: fault.problem for fault in refusal.value.faults}


def test_the_required_settings_are_enough_and_the_rest_has_its_default() -> None:
    settings = load()

    assert [secret.get_secret_value() for secret in settings.webhook_secrets] == [HUSH]
    assert settings.model_dump(exclude={"webhook_secrets", "github_token"}) == {
        "repository": "acme/shop",
        "github_api_url": "https://api.github.com",
        "github_api_version": "2022-11-28",
        "trigger_label": "agent:builder",
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
        "state_dir": Path("var"),
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
        "sentry_environment": "development",
        "sentry_sample_rate": 1.0,
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
        "      set a fine-grained token with 'issues: write' on that repository; BOOTY_PREVIEW=1 needs none"
    )


WRONG = {
    "SENTRY_WEBHOOK_SECRET": " , ",
    "TARGET_REPO_URL": "https://github.com/acme",
    "GITHUB_TOKEN": "two words",
    "GITHUB_API_URL": "http://api.github.com",
    "GITHUB_API_VERSION": "v3",
    "TRIGGER_LABEL": "agent,builder",
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
    "OBSV_LOCALS": "perhaps",
    "OBSV_PERSONAL_DATA": "some",
    "SENTRY_AUTH_TOKEN": "two words",
    "SENTRY_ORG": "Not/A/Slug",
    "SENTRY_URL": "ftp://sentry.example",
    "BOOTY_STATE_DIR": "/dev/null/state",
    "BOOTY_PREVIEW": "perhaps",
    "BOOTY_CANDIDATE": "perhaps",
    "BOOTY_APP": "shop.wsgi",
    "SENTRY_DSN": "https://o1.ingest.sentry.io/1",
    "SENTRY_RELEASE": "a/b",
    "SENTRY_ENVIRONMENT": "my production",
    "SENTRY_SAMPLE_RATE": "1.5",
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

    assert not re.search(f"{HUSH}|github_pat_x|swordfish", f"{settings!r} {settings} {settings.model_dump_json()}")


def test_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        load().repository = "evil/repo"  # type: ignore[misc]  # what must fail at run time as well


@pytest.mark.parametrize("name", ["SENTRY_WEBHOOK_SECRET", "TARGET_REPO_URL", "GITHUB_TOKEN"])
@pytest.mark.parametrize("blank", ["", "  ", "\n"])
def test_takes_a_blank_required_setting_for_missing(name: str, blank: str) -> None:
    assert faults_of(REQUIRED | {name: blank}) == {name: "is not set"}


def test_takes_a_blank_optional_setting_for_its_default() -> None:
    blank = dict.fromkeys(set(REMEDIES) - set(REQUIRED), " ")

    assert load(**blank) == load()


@pytest.mark.parametrize(
    ("api_url", "page"),
    [
        ("https://api.github.com", "https://github.com/acme/shop"),
        ("https://api.acme.ghe.com", "https://acme.ghe.com/acme/shop"),
        ("https://git.acme.example/api/v3/", "https://git.acme.example/acme/shop"),
        ("https://api.acme.example:8443/api/v3", "https://api.acme.example:8443/acme/shop"),
        ("http://127.0.0.1:4000", "https://github.com/acme/shop"),
    ],
)
def test_knows_the_repositorys_page_from_the_apis_address(api_url: str, page: str) -> None:
    assert load(GITHUB_API_URL=api_url).web_url == page


def test_takes_several_secrets_while_one_is_rotated() -> None:
    secrets = load(SENTRY_WEBHOOK_SECRET=f" {HUSH} , another-secret-of-ours,").webhook_secrets

    assert [secret.get_secret_value() for secret in secrets] == [HUSH, "another-secret-of-ours"]


@pytest.mark.parametrize(
    ("secrets", "problem"),
    [
        ("fifteen-letters", "shorter than 16 characters"),
        (f"{HUSH},x", "one is shorter than 16 characters"),
        (f"fifteen-letters,{HUSH}", "one is shorter than 16 characters"),
    ],
)
@pytest.mark.parametrize("is_in_a_file", [False, True])
def test_refuses_a_webhook_secret_that_can_be_guessed(
    secrets: str, problem: str, *, is_in_a_file: bool, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text(f"{secrets}\n")
    given = {"SENTRY_WEBHOOK_SECRET_FILE": str(tmp_path / "secret")} if is_in_a_file else {}

    faults = faults_of({**REQUIRED, "SENTRY_WEBHOOK_SECRET": "" if is_in_a_file else secrets} | given)

    assert faults == {"SENTRY_WEBHOOK_SECRET": f"cannot be used ({problem})"}


def test_takes_a_webhook_secret_of_sixteen_characters() -> None:
    assert load(SENTRY_WEBHOOK_SECRET="sixteen-letters!").webhook_secrets[0].get_secret_value() == "sixteen-letters!"


@pytest.mark.parametrize(
    "spelling",
    [
        "acme/shop",
        "https://github.com/acme/shop",
        "https://github.com/acme/shop/",
        "https://github.com/acme/shop.git",
        "git@github.com:acme/shop.git",
        "ssh://git@github.com/acme/shop.git",
        "ssh://git@github.com:22/acme/shop.git",
        "ssh://git@ssh.github.com:443/acme/shop.git",
        "https://GitHub.com/acme/shop",
        "https://www.github.com/acme/shop",
    ],
)
def test_reads_the_repository_in_each_spelling(spelling: str) -> None:
    assert load(TARGET_REPO_URL=spelling).repository == "acme/shop"


GHE = "https://ghe.acme.example/api/v3"


@pytest.mark.parametrize(
    ("target", "api_url"),
    [
        ("https://github.com/acme/shop", "https://api.github.com/"),
        ("https://ghe.acme.example/acme/shop", GHE),
        ("https://ghe.acme.example:8443/acme/shop", "https://ghe.acme.example:8443/api/v3/"),
        ("git@GHE.acme.example:acme/shop.git", "https://ghe.acme.example:8443/api/v3"),
        ("https://acme.ghe.com/acme/shop", "https://api.acme.ghe.com"),
        ("git@acme.ghe.com:acme/shop.git", "https://api.acme.ghe.com"),
        ("acme/shop", GHE),
        ("acme/shop", "https://api.acme.ghe.com"),
        ("https://gitlab.com/acme/shop", "http://127.0.0.1:4000"),
        ("https://ghe.acme.example/acme/shop", "http://[::1]:4000"),
    ],
)
def test_takes_a_repository_on_the_host_of_the_api(target: str, api_url: str) -> None:
    assert load(TARGET_REPO_URL=target, GITHUB_API_URL=api_url).repository == "acme/shop"


@pytest.mark.parametrize(
    ("target", "api_url", "line"),
    [
        ("https://ghe.corp.example/acme/app", "", "GITHUB_API_URL=https://ghe.corp.example/api/v3"),
        ("https://ghe.corp.example:8443/acme/app", "", "GITHUB_API_URL=https://ghe.corp.example:8443/api/v3"),
        ("git@ghe.corp.example:acme/app.git", "", "GITHUB_API_URL=https://ghe.corp.example/api/v3"),
        ("ssh://git@ghe.corp.example/acme/app", GHE, "GITHUB_API_URL=https://ghe.corp.example/api/v3"),
        ("https://corp.ghe.com/acme/app", "", "GITHUB_API_URL=https://api.corp.ghe.com"),
        ("https://corp.ghe.com/acme/app", "https://api.acme.ghe.com", "GITHUB_API_URL=https://api.corp.ghe.com"),
        ("https://github.com/acme/app", GHE, "GITHUB_API_URL=https://api.github.com"),
        ("https://gitlab.com/acme/app", "", "other forges do not work"),
        ("https://github.com.evil.example/acme/app", "", "other forges do not work"),
        ("https://evilgithub.com/acme/app", "", "other forges do not work"),
        ("https://api.github.com/acme/app", "", "other forges do not work"),
    ],
)
def test_refuses_a_repository_on_another_host_than_the_apis_with_the_line_to_add(
    target: str, api_url: str, line: str
) -> None:
    with pytest.raises(InvalidSettings) as refusal:
        load(TARGET_REPO_URL=target, GITHUB_API_URL=api_url, TRIGGER_LABEL="a,b")

    first, second = refusal.value.faults
    assert (first.name, second.name) == ("TRIGGER_LABEL", "TARGET_REPO_URL")
    assert second.problem.startswith("is on ")
    assert line in second.remedy


def test_says_what_is_wrong_with_an_api_address_only_once() -> None:
    given = {"TARGET_REPO_URL": "https://ghe.acme.example/acme/shop", "GITHUB_API_URL": "https://me:swordfish@api.x"}

    assert faults_of(REQUIRED | given) == {
        "GITHUB_API_URL": "cannot be used (is not an https address without user, query or fragment)"
    }


@pytest.mark.parametrize(
    "wrong",
    [
        "shop",
        "acme/",
        "/shop",
        "acme/..",
        "acme/.git",
        "acme/shop/issues",
        "https://github.com/acme/shop/tree/main",
        "https://token@github.com/acme/shop",
        "acme/shop?x=1",
        "acme/shöp",
        "acme/shop\nevil",
        "-acme/shop",
    ],
)
def test_refuses_what_names_no_repository(wrong: str) -> None:
    assert faults_of(REQUIRED | {"TARGET_REPO_URL": wrong}) == {
        "TARGET_REPO_URL": "cannot be used (does not name a repository)"
    }


@pytest.mark.parametrize("address", ["https://de.sentry.io", "http://sentry.lan:9000", "http://10.0.0.5/sentry"])
def test_a_sentry_of_ones_own_may_be_on_a_plain_address(address: str) -> None:
    assert load(SENTRY_URL=f"{address}/").sentry_url == address


@pytest.mark.parametrize("wrong", ["sentry.lan", "ftp://sentry.lan", "https://", "https://me:swordfish@sentry.lan"])
def test_a_sentry_needs_an_address_of_the_web(wrong: str) -> None:
    assert list(faults_of(REQUIRED | {"SENTRY_URL": wrong})) == ["SENTRY_URL"]


def test_drops_the_slash_at_the_end_of_the_api_address() -> None:
    assert load(GITHUB_API_URL="https://ghe.acme.example/api/v3/").github_api_url == "https://ghe.acme.example/api/v3"


@pytest.mark.parametrize("loopback", ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:9"])
def test_allows_plain_http_on_loopback_alone(loopback: str) -> None:
    assert load(GITHUB_API_URL=loopback).github_api_url == loopback


@pytest.mark.parametrize(
    "wrong",
    [
        "api.github.com",
        "http://10.0.0.1",
        "ftp://api.github.com",
        "https://",
        "https://user@api.github.com",
        "https://api.github.com?x=1",
        "https://api.github.com#x",
        "https://[broken",
        "https://api.github.com:port",
    ],
)
def test_refuses_an_api_address_that_a_token_must_not_go_to(wrong: str) -> None:
    assert list(faults_of(REQUIRED | {"GITHUB_API_URL": wrong})) == ["GITHUB_API_URL"]


def test_each_kind_of_problem_may_have_its_own_least_severity() -> None:
    settings = load(OBSV_MIN_SEVERITY_PERFORMANCE="info", OBSV_MIN_SEVERITY_METRIC="fatal", OBSV_MIN_SEVERITY_CRON="")

    assert settings.min_severity_of == {"performance": Severity.INFO, "metric": Severity.FATAL}


@pytest.mark.parametrize("severity", list(Severity))
def test_takes_each_level_of_sentry_as_the_least_severity(severity: Severity) -> None:
    assert load(OBSV_MIN_SEVERITY=severity.value).min_severity is severity


@pytest.mark.parametrize("misspelt", ["eror", "ERROR!", "critical", "99", "none"])
def test_a_misspelt_least_severity_does_not_let_everything_pass(misspelt: str) -> None:
    assert list(faults_of(REQUIRED | {"OBSV_MIN_SEVERITY": misspelt})) == ["OBSV_MIN_SEVERITY"]


@pytest.mark.parametrize(("hours", "seconds"), [("6", 21_600), ("0.5", 1_800), ("0.001", 3.6), ("8760", 31_536_000)])
def test_counts_the_cooldown_in_hours(hours: str, seconds: float) -> None:
    assert load(OBSV_COOLDOWN_HOURS=hours).cooldown_seconds == pytest.approx(seconds)


@pytest.mark.parametrize("wrong", ["0", "-1", "nan", "inf", "8761", "six", "6h", "0x6"])
def test_refuses_a_cooldown_that_is_no_time(wrong: str) -> None:
    assert list(faults_of(REQUIRED | {"OBSV_COOLDOWN_HOURS": wrong})) == ["OBSV_COOLDOWN_HOURS"]


@pytest.mark.parametrize("on", ["1", "true", "on", "yes"])
def test_preview_needs_no_token(on: str) -> None:
    settings = Settings.load({"SENTRY_WEBHOOK_SECRET": HUSH, "TARGET_REPO_URL": "acme/shop", "BOOTY_PREVIEW": on})

    assert settings.preview
    assert settings.github_token is None


@pytest.mark.parametrize("off", ["0", "false", "off", "no", "OFF"])
def test_needs_a_token_when_preview_is_switched_off(off: str) -> None:
    environ = {"SENTRY_WEBHOOK_SECRET": HUSH, "TARGET_REPO_URL": "acme/shop", "BOOTY_PREVIEW": off}

    assert faults_of(environ) == {"GITHUB_TOKEN": "is not set"}


@pytest.mark.parametrize("between", ["\n", "\r\n", "\t", "\x00"])
def test_refuses_a_webhook_secret_with_characters_that_are_not_shown(between: str) -> None:
    faults = faults_of(REQUIRED | {"SENTRY_WEBHOOK_SECRET": f"{'a' * 32}{between}{'b' * 32}"})

    problem = "holds a line break, or another character that is not shown"
    assert faults == {"SENTRY_WEBHOOK_SECRET": f"cannot be used ({problem})"}


def test_a_byte_order_mark_before_a_secret_in_a_file_is_no_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(b"\xef\xbb\xbfghp_token\r\n")
    settings = Settings.load(
        {name: value for name, value in REQUIRED.items() if name != "GITHUB_TOKEN"}
        | {"GITHUB_TOKEN_FILE": str(tmp_path / "token")}
    )

    assert settings.github_token is not None
    assert settings.github_token.get_secret_value() == "ghp_token"


@pytest.mark.parametrize(
    "wrong", ["https://github.com", "https://www.github.com/", "https://github.com/api/v3", "https://api.github.com/x"]
)
def test_refuses_an_address_of_github_that_is_not_that_of_its_api(wrong: str) -> None:
    assert faults_of(REQUIRED | {"GITHUB_API_URL": wrong}) == {
        "GITHUB_API_URL": "cannot be used (is an address of GitHub, but not that of its API)"
    }


@pytest.mark.parametrize("name", ["OBSV_FOLLOW", "OBSV_COOLDOWN_HOURS", "TRIGGER_LABEL", "SENTRY_RELEASE"])
def test_shows_an_operator_no_words_of_the_library_that_checks(name: str) -> None:
    assert faults_of(REQUIRED | {name: "so, so"}) == {name: "cannot be used"}


@pytest.mark.parametrize("spelling", ["production", "Production", "PRODUCTION", "prod", "Prod", " production "])
def test_refuses_production_without_a_dsn_in_any_case(spelling: str) -> None:
    assert faults_of(REQUIRED | {"SENTRY_ENVIRONMENT": spelling}) == {"SENTRY_DSN": "is not set, in production"}


def test_production_with_a_dsn_is_fine_and_keeps_its_spelling() -> None:
    settings = load(SENTRY_ENVIRONMENT="Production", SENTRY_DSN="https://key@o1.ingest.sentry.io/1")

    assert settings.sentry_environment == "Production"


@pytest.mark.parametrize(
    "wrong",
    [
        "key@o1.ingest.sentry.io/1",
        "https://key@o1.ingest.sentry.io",
        "https://key@/1",
        "https://key@o1.ingest.sentry.io/shop",
        "https://key@o1.ingest.sentry.io:99999/1",
        "https://key@[::1/1",
    ],
)
def test_refuses_what_is_no_dsn(wrong: str) -> None:
    assert faults_of(REQUIRED | {"SENTRY_DSN": wrong}) == {"SENTRY_DSN": "cannot be used (is not a DSN)"}


@pytest.mark.parametrize("name", ["latest", ".", "..", "a b", "a\\b", "x" * 201])
def test_refuses_a_release_that_sentry_would_refuse(name: str) -> None:
    assert list(faults_of(REQUIRED | {"SENTRY_RELEASE": name})) == ["SENTRY_RELEASE"]


@pytest.mark.parametrize("name", SECRETS)
def test_reads_each_secret_from_a_file(name: str, tmp_path: Path) -> None:
    secret = {"SENTRY_DSN": "https://key@o1.ingest.sentry.io/1"}.get(name, "read-from-a-file")
    pair = {"SENTRY_ORG": "acme"} if name == "SENTRY_AUTH_TOKEN" else {}
    (tmp_path / "credential").write_text(f"{secret}\n")
    environ = {key: value for key, value in REQUIRED.items() if key != name} | pair

    settings = Settings.load(environ | {f"{name}_FILE": str(tmp_path / "credential")})

    assert settings == load(**{name: secret}, **pair)


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


def test_systemds_state_directory_stands_in_for_ours() -> None:
    assert load(STATE_DIRECTORY="/var/lib/booty:/var/lib/other").state_dir == Path("/var/lib/booty")
    assert load(STATE_DIRECTORY="/var/lib/booty", BOOTY_STATE_DIR="/srv/state").state_dir == Path("/srv/state")


def test_a_state_directory_that_can_be_made_is_fine_and_is_not_made(tmp_path: Path) -> None:
    state = tmp_path / "not" / "there"

    assert load(BOOTY_STATE_DIR=str(state)).state_dir == state
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("below", ["", "state", "state/deeper"])
def test_refuses_a_state_directory_at_or_below_a_file(below: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert faults_of(REQUIRED | {"BOOTY_STATE_DIR": str(tmp_path / "file" / below)}) == {
        "BOOTY_STATE_DIR": f"cannot be used ({tmp_path}/file is not a directory)"
    }


@pytest.mark.parametrize("below", ["", "state"])
@pytest.mark.parametrize("target", ["nowhere", "link"])
def test_refuses_a_state_directory_at_or_below_a_link_that_leads_nowhere(
    target: str, below: str, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(target)

    assert faults_of(REQUIRED | {"BOOTY_STATE_DIR": str(tmp_path / "link" / below)}) == {
        "BOOTY_STATE_DIR": f"cannot be used ({tmp_path}/link is not a directory)"
    }


def test_refuses_a_state_directory_whose_name_is_too_long(tmp_path: Path) -> None:
    state = tmp_path / ("x" * 300)

    assert faults_of(REQUIRED | {"BOOTY_STATE_DIR": str(state)}) == {
        "BOOTY_STATE_DIR": f"cannot be used ({state}: File name too long)"
    }


@pytest.mark.parametrize("below", ["", "/state", "/state/deeper"])
def test_refuses_a_state_directory_that_the_user_may_not_write_to(below: str) -> None:
    with TemporaryDirectory() as home:  # in pytest's own directories another user could not even look
        Path(home).chmod(0o555)
        with acting_as_nobody():
            faults = faults_of(REQUIRED | {"BOOTY_STATE_DIR": f"{home}{below}"})

    assert faults == {"BOOTY_STATE_DIR": f"cannot be used (this user may not write to {home})"}


@pytest.mark.parametrize("place", ["/proc/x", "/proc/self/fd/x", "/sys/x", "/proc"])
def test_refuses_a_state_directory_on_a_filesystem_that_holds_no_ledger(place: str) -> None:
    assert list(faults_of(REQUIRED | {"BOOTY_STATE_DIR": place})) == ["BOOTY_STATE_DIR"]


@pytest.mark.parametrize("mode", [0o770, 0o720, 0o707, 0o1777, 0o2775], ids=oct)
def test_refuses_a_state_directory_that_others_may_write_to(tmp_path: Path, mode: int) -> None:
    state = tmp_path / "state"
    state.mkdir()
    state.chmod(mode)

    assert faults_of(REQUIRED | {"BOOTY_STATE_DIR": str(state)}) == {
        "BOOTY_STATE_DIR": f"cannot be used (users other than its owner may write to {state} (chmod go-w {state}))"
    }


@pytest.mark.parametrize("below", ["state", "state/ledger"])
def test_refuses_a_state_directory_that_others_may_replace(tmp_path: Path, below: str) -> None:
    shared = tmp_path / "shared"
    (shared / "state").mkdir(parents=True)
    shared.chmod(0o777)

    assert faults_of(REQUIRED | {"BOOTY_STATE_DIR": str(shared / below)}) == {
        "BOOTY_STATE_DIR": f"cannot be used (users other than its owner may write to {shared} (chmod go-w {shared}))"
    }


def test_refuses_a_state_directory_that_a_link_shows_where_others_may_replace_it(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    (shared / "state").mkdir(parents=True)
    shared.chmod(0o777)
    (tmp_path / "link").symlink_to(shared / "state")

    assert faults_of(REQUIRED | {"BOOTY_STATE_DIR": str(tmp_path / "link")}) == {
        "BOOTY_STATE_DIR": f"cannot be used (users other than its owner may write to {shared} (chmod go-w {shared}))"
    }


@pytest.mark.parametrize(("mode", "above"), [(0o700, 0o755), (0o755, 0o1777), (0o750, 0o775), (0o2755, 0o755)], ids=oct)
def test_a_state_directory_that_others_may_read_or_that_lies_in_a_sticky_one_is_fine(
    tmp_path: Path, mode: int, above: int
) -> None:
    state = tmp_path / "above" / "state"
    state.mkdir(parents=True)
    state.chmod(mode)
    state.parent.chmod(above)

    assert load(BOOTY_STATE_DIR=str(state)).state_dir == state


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
def test_refuses_a_state_directory_of_another_user(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir()
    os.chown(state, 12345, 12345)

    assert faults_of(REQUIRED | {"BOOTY_STATE_DIR": str(state)}) == {
        "BOOTY_STATE_DIR": f"cannot be used ({state} belongs to another user)"
    }


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a link away")
def test_refuses_a_link_to_a_state_directory_that_another_user_made(tmp_path: Path) -> None:
    link = tmp_path / "link"
    (tmp_path / "state").mkdir()
    link.symlink_to(tmp_path / "state")
    os.chown(link, 12345, 12345, follow_symlinks=False)

    assert faults_of(REQUIRED | {"BOOTY_STATE_DIR": str(link)}) == {
        "BOOTY_STATE_DIR": f"cannot be used ({link} belongs to another user)"
    }


def test_trying_a_state_directory_leaves_it_as_it_was(tmp_path: Path) -> None:
    before = tmp_path.stat().st_mode

    load(BOOTY_STATE_DIR=str(tmp_path))

    assert list(tmp_path.iterdir()) == []
    assert tmp_path.stat().st_mode == before


@pytest.mark.parametrize("name", ["ledger.lock", "ledger-3.sqlite3", "ledger-3.sqlite3-wal"])
def test_refuses_a_state_directory_whose_ledger_is_anothers(name: str) -> None:
    with TemporaryDirectory() as home:
        Path(home).chmod(0o777)
        (Path(home) / name).touch(mode=0o400)
        with acting_as_nobody():
            faults = faults_of(REQUIRED | {"BOOTY_STATE_DIR": home})

    assert faults == {"BOOTY_STATE_DIR": f"cannot be used (this user may not write to {home}/{name})"}


@pytest.mark.parametrize(
    ("given", "missing", "problem"),
    [
        ({"SENTRY_AUTH_TOKEN": "sntrys_x"}, "SENTRY_ORG", "is not set, but SENTRY_AUTH_TOKEN is"),
        ({"SENTRY_ORG": "acme"}, "SENTRY_AUTH_TOKEN", "is not set, but SENTRY_ORG is"),
    ],
)
def test_refuses_half_of_a_pair(given: dict[str, str], missing: str, problem: str) -> None:
    assert faults_of(REQUIRED | given) == {missing: problem}


def test_takes_a_whole_pair_with_the_token_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("sntrys_x\n")

    settings = load(SENTRY_ORG="acme", SENTRY_AUTH_TOKEN_FILE=str(tmp_path / "token"))

    assert (settings.sentry_org, settings.sentry_auth_token is None) == ("acme", False)


@pytest.mark.parametrize("wrong", ["0", "65536", "http", "-1", "8000.0", "8_000", "0x50", "٨", "80 81"])
def test_refuses_a_port_that_is_none(wrong: str) -> None:
    assert list(faults_of(REQUIRED | {"PORT": wrong})) == ["PORT"]


@pytest.mark.parametrize("wrong", ["0", "-1", "two", "1.5", "2.0", "1_0", "²", "257", "100000"])
def test_refuses_a_number_of_workers_that_is_none(wrong: str) -> None:
    assert list(faults_of(REQUIRED | {"WEB_CONCURRENCY": wrong})) == ["WEB_CONCURRENCY"]


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("OBSV_COOLDOWN_HOUR", "OBSV_COOLDOWN_HOURS"),
        ("OBSV_MINSEVERITY", "OBSV_MIN_SEVERITY"),
        ("BOOTY_PREVIEWS", "BOOTY_PREVIEW"),
        ("booty_state_dir", "BOOTY_STATE_DIR"),
        ("OBSV_MIN_SEVERITY_FILE", "OBSV_MIN_SEVERITY"),
        ("BOOTY_LEDGER_URL", None),
        ("OBSV_", None),
    ],
)
def test_notes_a_name_that_looks_like_a_setting_and_is_none(name: str, nearest: str | None) -> None:
    settings = load(**{name: "6"})

    assert settings.unknown_names == (UnknownName(name, nearest),)
    assert settings.model_copy(update={"unknown_names": ()}) == load()


def test_knows_its_own_names_and_takes_no_notice_of_others() -> None:
    others = {"BOOTY_UPSTREAM": "x", "PATH": "/bin", "SENTRY_TRACES_SAMPLE_RATE": "1", "OBSERVE": "1", "OBSV_X": " "}

    assert load(**others, BOOTY_PREVIEW="1", unknown_names="x").unknown_names == ()


def test_a_refused_start_names_what_may_be_a_misspelt_setting() -> None:
    with pytest.raises(InvalidSettings) as refusal:
        load(GITHUB_TOKEN="", BOOTY_PREVEW="1")

    assert str(refusal.value).endswith("\n  BOOTY_PREVEW: is not known and does nothing; did you mean BOOTY_PREVIEW?")


@given(st.dictionaries(st.sampled_from([*REMEDIES, *(f"{name}_FILE" for name in SECRETS)]), st.text()))
def test_whatever_the_environment_holds_it_is_settings_or_a_list_of_faults(environ: dict[str, str]) -> None:
    try:
        settings = Settings.load(environ)
    except InvalidSettings as refusal:
        names = [fault.name for fault in refusal.faults]
    else:
        names = [secret.get_secret_value() for secret in settings.webhook_secrets]

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
    assert set(REMEDIES) == {field.alias for field in Settings.model_fields.values() if field.alias}
    assert gunicorns <= set(example_lines())


def test_the_example_file_sets_nothing_and_ships_no_dummy_secret() -> None:
    given = {name for name, (_, is_comment) in example_lines().items() if not is_comment}

    assert given == set(REQUIRED)
    assert all(example_lines()[name][0] == "" for name in REQUIRED)


def test_the_example_file_shows_the_defaults() -> None:
    shown = {name: value for name, (value, is_comment) in example_lines().items() if is_comment and value}

    assert Settings.load(REQUIRED | shown) == load()
    assert set(REMEDIES) - set(REQUIRED) - set(shown) == {
        "BOOTY_APP", "PORT", "SENTRY_AUTH_TOKEN", "SENTRY_DSN", "SENTRY_ORG", "SENTRY_RELEASE",
        "OBSV_MIN_SEVERITY_PERFORMANCE", "OBSV_MIN_SEVERITY_FEEDBACK", "OBSV_MIN_SEVERITY_CRON",
        "OBSV_MIN_SEVERITY_UPTIME", "OBSV_MIN_SEVERITY_METRIC",
    }  # fmt: skip
