"""Where metrics may be served: on this machine, elsewhere only with a second word for it."""

from __future__ import annotations

import pytest
from support.given_settings import REQUIRED, faults_of, load

from booty.observability.config.bind import Bind, read_bind


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("127.0.0.1:9464", "127.0.0.1:9464"),
        ("127.8.9.1:1", "127.8.9.1:1"),
        ("localhost:9464", "127.0.0.1:9464"),
        ("[::1]:65535", "[::1]:65535"),
        ("unix:/run/booty/metrics.sock", "unix:/run/booty/metrics.sock"),
    ],
)
def test_takes_an_address_of_this_machine_and_a_socket(text: str, read: str) -> None:
    bind = load(OBSV_METRICS_BIND=text).metrics_bind

    assert isinstance(bind, Bind)
    assert (str(bind), bind.is_public) == (read, False)


@pytest.mark.parametrize("text", ["0.0.0.0:9464", "[::]:9464", "10.0.0.5:9464", "192.168.1.1:1", "8.8.8.8:80"])
def test_an_address_that_others_may_reach_needs_a_second_setting(text: str) -> None:
    assert faults_of(REQUIRED | {"OBSV_METRICS_BIND": text}) == {
        "OBSV_METRICS_BIND": "is an address that other machines may reach"
    }
    assert faults_of(REQUIRED | {"OBSV_METRICS_BIND": text, "OBSV_METRICS_PUBLIC": "off"}) != {}
    assert load(OBSV_METRICS_BIND=text, OBSV_METRICS_PUBLIC="1").metrics_bind == read_bind(text)


@pytest.mark.parametrize(
    "text",
    [
        *("9464", ":9464", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:x", "::1:9464", "256.0.0.1:1"),
        *("http://127.0.0.1:9464", "metrics.example.com:9464", "*:9464", "127.0.0.1:\u0661\u0662"),
        *("unix:", "unix:run/x", "unix:/", f"unix:/{'x' * 120}", "unix:/a\0b"),
    ],
)
def test_refuses_what_is_no_address(text: str) -> None:
    assert list(faults_of(REQUIRED | {"OBSV_METRICS_BIND": text})) == ["OBSV_METRICS_BIND"]
