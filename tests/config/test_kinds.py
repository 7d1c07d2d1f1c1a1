"""A setting is taken or refused by its kind: a secret, an address, a number, a release."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.given_settings import HUSH, REQUIRED, faults_of, load

from booty.observability.alerts.severity import Severity


def test_takes_several_secrets_while_one_is_rotated() -> None:
    secrets = load(SENTRY_WEBHOOK_SECRET=f" {HUSH} , another-secret-of-ours,").webhook_secrets

    assert [secret.reveal() for secret in secrets] == [HUSH, "another-secret-of-ours"]


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
    assert load(SENTRY_WEBHOOK_SECRET="sixteen-letters!").webhook_secrets[0].reveal() == "sixteen-letters!"


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


@pytest.mark.parametrize("name", ["SENTRY_URL", "GITHUB_API_URL"])
@pytest.mark.parametrize("wrong", ["https://:swordfish@host", "https://@host", "https://host/?", "https://host/x#"])
def test_refuses_an_address_with_a_password_alone_or_an_empty_query(name: str, wrong: str) -> None:
    """Issues link to it; and a path behind its `?` would be a query."""
    assert list(faults_of(REQUIRED | {"TARGET_REPO_URL": "acme/shop", name: wrong})) == [name]


@pytest.mark.parametrize("severity", list(Severity))
def test_takes_each_level_of_sentry_as_the_least_severity(severity: Severity) -> None:
    assert load(OBSV_MIN_SEVERITY=severity.value).min_severity is severity


@pytest.mark.parametrize("misspelt", ["eror", "ERROR!", "critical", "99", "none"])
def test_a_misspelt_least_severity_does_not_let_everything_pass(misspelt: str) -> None:
    assert list(faults_of(REQUIRED | {"OBSV_MIN_SEVERITY": misspelt})) == ["OBSV_MIN_SEVERITY"]


@pytest.mark.parametrize("wrong", ["0", "-1", "nan", "inf", "8761", "six", "6h", "0x6"])
def test_refuses_a_cooldown_that_is_not_a_time(wrong: str) -> None:
    assert list(faults_of(REQUIRED | {"OBSV_COOLDOWN_HOURS": wrong})) == ["OBSV_COOLDOWN_HOURS"]


@pytest.mark.parametrize("between", ["\n", "\r\n", "\t", "\x00"])
def test_refuses_a_webhook_secret_with_characters_that_are_not_shown(between: str) -> None:
    faults = faults_of(REQUIRED | {"SENTRY_WEBHOOK_SECRET": f"{'a' * 32}{between}{'b' * 32}"})

    problem = "holds a line break, or another character that is not shown"
    assert faults == {"SENTRY_WEBHOOK_SECRET": f"cannot be used ({problem})"}


@pytest.mark.parametrize(
    "wrong", ["https://github.com", "https://www.github.com/", "https://github.com/api/v3", "https://api.github.com/x"]
)
def test_refuses_an_address_of_github_that_is_not_that_of_its_api(wrong: str) -> None:
    assert faults_of(REQUIRED | {"GITHUB_API_URL": wrong}) == {
        "GITHUB_API_URL": "cannot be used (is an address of GitHub, but not that of its API)"
    }


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
def test_refuses_what_is_not_a_dsn(wrong: str) -> None:
    assert faults_of(REQUIRED | {"SENTRY_DSN": wrong}) == {"SENTRY_DSN": "cannot be used (is not a DSN)"}


@pytest.mark.parametrize("name", ["latest", ".", "..", "a b", "a\\b", "x" * 201])
def test_refuses_a_release_that_sentry_would_refuse(name: str) -> None:
    assert list(faults_of(REQUIRED | {"SENTRY_RELEASE": name})) == ["SENTRY_RELEASE"]


@pytest.mark.parametrize("wrong", ["0", "65536", "http", "-1", "8000.0", "8_000", "0x50", "٨", "80 81"])
def test_refuses_what_is_not_a_port(wrong: str) -> None:
    assert list(faults_of(REQUIRED | {"PORT": wrong})) == ["PORT"]


@pytest.mark.parametrize("wrong", ["0", "-1", "two", "1.5", "2.0", "1_0", "²", "257", "100000"])
def test_refuses_what_is_not_a_number_of_workers(wrong: str) -> None:
    assert list(faults_of(REQUIRED | {"WEB_CONCURRENCY": wrong})) == ["WEB_CONCURRENCY"]


@pytest.mark.parametrize(
    "url", ["https://hc-ping.com/uuid", "http://monitor.lan:8000/ping/key/slug?create=1", "https://hc-ping.com/uuid/"]
)
def test_takes_a_heartbeat_address_and_shows_it_to_nobody(url: str) -> None:
    taken = load(OBSV_HEARTBEAT_URL=url)

    assert taken.heartbeat_url is not None
    assert taken.heartbeat_url.reveal() == url
    assert url not in repr(taken)


@pytest.mark.parametrize(
    "url",
    ["hc-ping.com/uuid", "ftp://x/y", "https://", "https://u:p@x/y", "https://x/y#z", "https://x:0/", "http://[x/"],
)
def test_refuses_a_heartbeat_address_that_cannot_be_called(url: str) -> None:
    assert list(faults_of(REQUIRED | {"OBSV_HEARTBEAT_URL": url})) == ["OBSV_HEARTBEAT_URL"]


def test_a_release_on_trial_is_not_watched() -> None:
    assert load(OBSV_SILENCE_HOURS="0.5").is_watched
    assert not load(OBSV_SILENCE_HOURS="0.5", BOOTY_CANDIDATE="1").is_watched
    assert not load().is_watched


@pytest.mark.parametrize("word", ["1", "true", "TRUE", "yes", "Yes", "on", "ON", "t", "y"])
def test_a_switch_is_on_by_any_word_for_it(word: str) -> None:
    assert load(BOOTY_PREVIEW=word).preview is True


@pytest.mark.parametrize("word", ["0", "false", "False", "no", "NO", "off", "oFF", "f", "n"])
def test_a_switch_is_off_by_any_word_for_it(word: str) -> None:
    assert load(OBSV_FOLLOW=word).follow is False


@pytest.mark.parametrize("word", ["2", "-1", "01", "1.0", "tru", "enabled", "y es", "\uff4f\uff4e", "none"])
def test_a_switch_is_not_guessed(word: str) -> None:
    assert faults_of(REQUIRED | {"OBSV_FOLLOW": word}) == {"OBSV_FOLLOW": "cannot be used"}


@pytest.mark.parametrize(
    ("text", "hours"), [("6", 6.0), (".5", 0.5), ("5.", 5.0), ("+5", 5.0), ("1e3", 1000.0), ("1_000", 1000.0)]
)
def test_a_number_may_be_written_as_in_a_program(text: str, hours: float) -> None:
    assert load(OBSV_COOLDOWN_HOURS=text).cooldown_hours == hours


@pytest.mark.parametrize(
    "text", ["1__0", "_1", "1_", "0x6", "٣", "\uff11", "nan", "inf", "-Infinity", "1e400", "1,5", "1 0"]
)
def test_a_number_is_not_guessed(text: str) -> None:
    assert faults_of(REQUIRED | {"OBSV_COOLDOWN_HOURS": text}) == {"OBSV_COOLDOWN_HOURS": "cannot be used"}


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("OBSV_COOLDOWN_HOURS", "0", "is not above 0"),
        ("OBSV_COOLDOWN_HOURS", "8761", "is more than 8760"),
        ("OBSV_REOPEN_WINDOW_DAYS", "-0.5", "is less than 0"),
        ("SENTRY_SAMPLE_RATE", "1.01", "is more than 1"),
        ("OBSV_HANDOVER_PER_DAY", "1000001", "is more than 1000000"),
        ("PORT", "0", "is less than 1"),
        ("PORT", "9" * 5000, "is more than 65535"),
        ("WEB_CONCURRENCY", "two", "is not a whole number"),
    ],
)
def test_says_which_bound_a_number_is_beyond(name: str, text: str, problem: str) -> None:
    assert faults_of(REQUIRED | {name: text}) == {name: f"cannot be used ({problem})"}


@pytest.mark.parametrize("zeros", [1, 50, 5000])
def test_zeros_before_a_whole_number_count_nothing(zeros: int) -> None:
    assert load(PORT=f"{'0' * zeros}80").port == 80


@pytest.mark.parametrize("name", ["TRIGGER_LABEL", "SENTRY_RELEASE", "SENTRY_ENVIRONMENT"])
def test_refuses_a_name_of_bytes_that_are_not_utf_8(name: str) -> None:
    assert faults_of(REQUIRED | {name: "caf\udce9"}) == {name: "cannot be used"}


@pytest.mark.parametrize(
    "wrong", ["v3", "2022-11-2", "2022-11-28x", "\u0662\u0660\u0662\u0662-\u0661\u0661-\u0662\u0668"]
)
def test_refuses_a_version_of_the_api_that_no_header_could_carry(wrong: str) -> None:
    assert faults_of(REQUIRED | {"GITHUB_API_VERSION": wrong}) == {"GITHUB_API_VERSION": "cannot be used"}
