"""The watch of a real service: a monitor, Sentry's Crons and GitHub hear of it; through kills of all its processes."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from support.github_stand_in import GitHubStandIn
from support.monitor_stand_in import MonitorStandIn
from support.sentry_events import body_of
from support.service import Service, eventually

THREE_DAYS = 3 * 24 * 3600
COMMENT = body_of({"action": "created", "data": {"comment_id": 1}})


def test_a_monitor_and_crons_hear_once_that_all_is_well(tmp_path: Path) -> None:
    with GitHubStandIn() as github, MonitorStandIn() as monitor:
        environ = github.environ | {"OBSV_HEARTBEAT_URL": monitor.url, "SENTRY_DSN": monitor.dsn}
        with Service(tmp_path / "state", environ) as service:
            assert eventually(lambda: bool(monitor.pings and monitor.check_ins))
            service.kill()
            service.start()
            assert eventually(lambda: len(service.events("started")) == 2)
            assert service.stop() == 0

    assert [ping.is_well for ping in monitor.pings] == [True]
    assert [(each["monitor_slug"], each["status"]) for each in monitor.check_ins] == [("booty-pipe", "ok")]
    assert monitor.url not in service.log.read_text()
    assert github.issues == []


def test_a_dsn_alone_checks_in_nowhere(tmp_path: Path) -> None:
    with (
        GitHubStandIn() as github,
        MonitorStandIn() as monitor,
        Service(tmp_path / "state", github.environ | {"SENTRY_DSN": monitor.dsn}) as service,
    ):
        service.post(COMMENT, resource="comment")

        assert not eventually(lambda: bool(monitor.check_ins), within=5)


def test_there_is_one_issue_about_a_token_and_the_silence_through_kills_and_it_closes(tmp_path: Path) -> None:
    with GitHubStandIn() as github, MonitorStandIn() as monitor:
        github.token_expires = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(time.time() + THREE_DAYS))
        environ = github.environ | {"OBSV_HEARTBEAT_URL": monitor.url, "OBSV_SILENCE_HOURS": "0.002"}
        with Service(tmp_path / "state", environ) as service:
            assert eventually(lambda: bool(github.issues))
            for _ in range(3):
                service.kill()
                service.start()
            assert eventually(lambda: "sends no alerts" in str(github.issues[0]["title"]), within=150)
            github.token_expires = None

            def is_closed() -> bool:
                service.post(COMMENT, resource="comment")
                return bool(github.issues[0]["state"] == "closed")

            assert eventually(is_closed, within=150)

    assert len(github.issues) == len(github.posts()) == 1
    assert monitor.pings[-1].is_well
    assert "the token for GitHub ends on" in monitor.pings[0].body


def test_a_service_that_is_stopped_by_a_signal_says_nothing_until_it_goes_on(tmp_path: Path) -> None:
    with (
        GitHubStandIn() as github,
        MonitorStandIn() as monitor,
        Service(tmp_path / "state", github.environ | {"OBSV_HEARTBEAT_URL": monitor.url}) as service,
    ):
        assert service.process is not None
        processes = [service.process.pid, *service.workers()]
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        before = len(monitor.pings)  # none, unless this machine is slow
        is_told = eventually(lambda: len(monitor.pings) > before, within=6)
        for process in reversed(processes):
            os.kill(process, signal.SIGCONT)

        assert not is_told
        assert eventually(lambda: bool(monitor.pings))
