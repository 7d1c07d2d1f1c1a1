"""The heartbeat, as a monitor gets it."""

from __future__ import annotations

import pytest
from support.monitor_stand_in import CHECK, MonitorStandIn

from booty.observability.exchange import NoAnswer
from booty.observability.ops.heartbeat import Heartbeat, failing


def test_a_pipe_that_is_well_is_a_get_and_no_more() -> None:
    with MonitorStandIn() as monitor:
        Heartbeat(monitor.url, is_checking_in=False).send([])

    [ping] = monitor.pings
    assert ping.is_well
    assert "Authorization" not in ping.headers


def test_a_pipe_that_is_not_says_why_in_the_body() -> None:
    with MonitorStandIn() as monitor:
        Heartbeat(monitor.url, is_checking_in=False).send(["no courier moves", "the token ends"])

    [ping] = monitor.pings
    assert (ping.method, ping.path, ping.body) == ("POST", f"{CHECK}/fail", "no courier moves\nthe token ends")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://hc-ping.com/uuid", "https://hc-ping.com/uuid/fail"),
        ("https://hc-ping.com/key/slug/?create=1", "https://hc-ping.com/key/slug/fail?create=1"),
    ],
)
def test_a_failure_goes_to_the_same_check(url: str, told: str) -> None:
    assert failing(url) == told


@pytest.mark.parametrize("status", [301, 404, 500])
def test_a_monitor_that_does_not_take_it_is_named_by_its_status_alone(status: int) -> None:
    with MonitorStandIn() as monitor:
        monitor.status = status
        with pytest.raises(NoAnswer) as failure:
            Heartbeat(monitor.url, is_checking_in=False).send([])

    assert str(failure.value) == f"it answered {status}"


def test_without_an_address_nobody_is_called() -> None:
    Heartbeat(None, is_checking_in=False).send(["something"])
