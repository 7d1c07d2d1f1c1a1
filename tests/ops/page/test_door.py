"""The page opens for its password, whose tries are limited; what it answers lets nothing in and changes nothing."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from support.page_reader import PASSWORD, PATH, key, reader
from support.service import ROOT
from support.webhook import mount
from werkzeug.test import TestResponse

from booty.observability.ops.page.tries import MOST, MOST_CALLERS, SECONDS, Tries

POLICY = ("default-src 'none'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'")
LOADED = """
import sys
from flask import Flask
from booty.observability.config import Settings
from booty.observability.wiring import mount
import os
mount(Flask("shop"), Settings.load(os.environ))
print(sorted(name for name in sys.modules if name.startswith("booty.observability.ops.page")))
"""


def sealed(response: TestResponse) -> bool:
    """Return whether a response lets nothing in from elsewhere, and stays out of caches."""
    headers = response.headers
    policy = headers["Content-Security-Policy"]
    return all(part in policy for part in POLICY) and "unsafe" not in policy and headers["Cache-Control"] == "no-store"


def test_opens_for_the_password_whatever_the_user_is_called(tmp_path: Path) -> None:
    client = reader(tmp_path)

    for user in ("", "anybody", "Jürgen"):
        shown = client.get(PATH, headers=key(user=user))
        assert (shown.status_code, shown.mimetype, sealed(shown)) == (200, "text/html", True)


@pytest.mark.parametrize("path", [PATH, PATH.rstrip("/")])
def test_is_never_a_redirect(tmp_path: Path, path: str) -> None:
    client = reader(tmp_path)

    assert client.get(path, headers=key()).status_code == 200
    assert client.get(path).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {},
        key("open: sesame"),
        key(""),
        key(PASSWORD + "\0"),
        {"Authorization": "Basic"},
        {"Authorization": "Basic !"},
        {"Authorization": "Basic //79"},
        {"Authorization": f"Bearer {PASSWORD.encode().hex()}"},
    ],
)
def test_asks_for_the_password_of_whoever_lacks_it(tmp_path: Path, headers: dict[str, str]) -> None:
    asked = reader(tmp_path).get(PATH, headers=headers)

    assert (asked.status_code, sealed(asked)) == (401, True)
    assert asked.headers["WWW-Authenticate"] == 'Basic realm="booty", charset="UTF-8"'
    assert PASSWORD not in asked.text


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_knows_no_method_that_could_change_anything(tmp_path: Path, method: str) -> None:
    assert reader(tmp_path).open(PATH, method=method, headers=key()).status_code == 405


def test_answers_head_without_a_body(tmp_path: Path) -> None:
    answered = reader(tmp_path).head(PATH, headers=key())

    assert (answered.status_code, answered.data, sealed(answered)) == (200, b"", True)


def test_a_look_makes_nothing(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir(mode=0o700)

    assert reader(state).get(PATH, headers=key()).status_code == 200
    assert list(state.iterdir()) == []


def test_after_ten_wrong_passwords_not_even_the_right_one_opens(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    client = reader(tmp_path)

    with caplog.at_level(logging.WARNING):
        statuses = [client.get(PATH, headers=key("wrong")).status_code for _ in range(MOST + 2)]
    answered = client.get(PATH, headers=key())

    assert statuses == [401] * MOST + [429, 429]
    assert (answered.status_code, sealed(answered)) == (429, True)
    assert 0 < int(answered.headers["Retry-After"]) <= SECONDS + 1
    assert [record.message for record in caplog.records if "page" in record.name] == ["page_tries_spent"]


def test_a_request_without_a_password_is_no_try(tmp_path: Path) -> None:
    client = reader(tmp_path)

    assert {client.get(PATH).status_code for _ in range(3 * MOST)} == {401}
    assert client.get(PATH, headers=key()).status_code == 200


def test_behind_a_server_of_this_machine_each_caller_has_tries_of_its_own(tmp_path: Path) -> None:
    client = reader(tmp_path)

    for _ in range(MOST):
        client.get(PATH, headers=key("wrong") | {"X-Real-IP": "203.0.113.9"})

    assert client.get(PATH, headers=key() | {"X-Real-IP": "203.0.113.9"}).status_code == 429
    assert client.get(PATH, headers=key() | {"X-Real-IP": "203.0.113.10"}).status_code == 200


def test_a_caller_from_elsewhere_cannot_name_an_address_of_its_choice(tmp_path: Path) -> None:
    client = reader(tmp_path)
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}

    tried = [
        client.get(PATH, headers=key("wrong") | {"X-Real-IP": f"198.51.100.{n}"}, environ_base=elsewhere).status_code
        for n in range(MOST + 1)
    ]

    assert tried[-1] == 429


def wrong(tries: Tries, caller: str, times: int, now: float = 0.0) -> None:
    for _ in range(times):
        tries.check(caller, is_right=False, now=now)


def test_tries_come_back_after_a_minute() -> None:
    tries = Tries()
    wrong(tries, "192.0.2.1", 3 * MOST)

    assert tries.check("192.0.2.1", is_right=True, now=SECONDS - 1) == 1.0
    assert tries.check("192.0.2.1", is_right=True, now=SECONDS) == 0.0


@pytest.mark.parametrize(
    ("one", "same"), [("2001:db8::1", "2001:db8::2:3:4:5"), ("192.0.2.1", "::ffff:192.0.2.1"), ("", "not an address")]
)
def test_addresses_of_one_caller_share_their_tries(one: str, same: str) -> None:
    tries = Tries()
    wrong(tries, one, MOST)

    assert tries.check(same, is_right=True, now=0.0) > 0


def test_many_addresses_neither_fill_the_memory_nor_bring_more_tries() -> None:
    tries = Tries()
    for number in range(MOST_CALLERS):
        wrong(tries, f"10.0.{number // 256}.{number % 256}", 1)
    for number in range(MOST):
        wrong(tries, f"10.1.0.{number}", 1)

    assert tries.check("10.2.0.1", is_right=True, now=0.0) > 0
    assert tries.check("10.0.0.0", is_right=True, now=0.0) == 0.0
    assert tries.check("10.2.0.1", is_right=True, now=SECONDS) == 0.0


def test_without_a_password_there_is_no_page(tmp_path: Path) -> None:
    client = mount(Flask("shop"), tmp_path).test_client()

    assert {client.get(path, headers=key()).status_code for path in (PATH, PATH.rstrip("/"))} == {404}


def test_its_modules_are_loaded_only_where_it_is_on(tmp_path: Path) -> None:
    environ = {
        "PYTHONPATH": str(ROOT),
        "SENTRY_WEBHOOK_SECRET": "x" * 16,
        "TARGET_REPO_URL": "acme/shop",
        "BOOTY_PREVIEW": "1",
        "BOOTY_STATE_DIR": str(tmp_path / "state"),
    }

    def loaded(**more: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", LOADED], env=environ | more, capture_output=True, text=True, check=True
        ).stdout

    assert loaded() == "[]\n"
    assert "ops.page.routes" in loaded(OBSV_PAGE_PASSWORD="open sesame")
