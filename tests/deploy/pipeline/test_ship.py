"""Shipping: what is refused before ./deploy.sh runs, and what is left when it is interrupted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from support.workflow.steps import Step
from support.workflow.throwaway import KEY

from deploy.pipeline import ship
from deploy.pipeline.target import PRODUCTION

CANCELLED_AT = """import os, runpy, signal, sys

def cancel(event, about):
    if not asked and {moment}:
        asked.append(event)
        os.kill(os.getpid(), signal.SIGINT)

asked = []
sys.addaudithook(cancel)
sys.argv = ["ship"]
runpy.run_module("deploy.pipeline.ship", run_name="__main__", alter_sys=True)
"""
"""A run that is cancelled at one moment, told by https://docs.python.org/3/library/audit_events.html."""
LAST_WORDS = "trap 'echo ending it; exit 130' TERM"
WAITS = 'sleep 60 >&- 2>&- & echo "$$ $! $DEPLOY_ACTOR $DEPLOY_SSH_KEY_FILE" >{started}; wait; wait'


@contextmanager
def shipping(step: Step, tmp_path: Path, *, on_term: str) -> Iterator[tuple[subprocess.Popen[bytes], str, Path]]:
    """Ship with a deploy.sh that waits, and does `on_term` when it is asked to end; yield the step, actor and key."""
    started = tmp_path / "started"
    os.mkfifo(started)
    step.project.write("deploy.sh", f"#!/bin/sh\n{on_term}\n{WAITS.format(started=started)}\n", mode=0o755)
    wanted = {"VERB": "rollback", "RELEASE_SHA": "", "DEPLOY_ACTOR": "anne/b;c", "RUNNER_TEMP": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-m", "deploy.pipeline.ship"],
        cwd=step.project.folder,
        env=step.environment | wanted,
        stdout=subprocess.PIPE,
    ) as process:
        *numbers, actor, key = started.read_text().split()
        try:
            yield process, actor, Path(key)
        finally:
            for number in numbers:
                with suppress(ProcessLookupError):
                    os.kill(int(number), signal.SIGKILL)


def test_a_run_that_is_cancelled_says_what_deploy_sh_said_last(step: Step, tmp_path: Path) -> None:
    with shipping(step, tmp_path, on_term=LAST_WORDS) as (process, actor, key):
        assert key.read_text() == KEY
        process.send_signal(signal.SIGINT)
        exit_code = process.wait(timeout=20)

    assert (actor, exit_code) == ("anne-b-c", 130)
    assert "the droplet decides the outcome" in step.summary
    assert "ending it" in step.summary


def test_a_run_that_is_told_twice_to_end_waits_for_deploy_sh_no_longer(step: Step, tmp_path: Path) -> None:
    """GitHub tells it once more after 7.5 s, and kills it 2.5 s later."""
    with shipping(step, tmp_path, on_term="trap 'echo ending it' TERM") as (process, _, _):
        process.send_signal(signal.SIGINT)
        assert process.stdout
        assert b"ending it\n" in iter(process.stdout.readline, b"")
        process.send_signal(signal.SIGTERM)
        exit_code = process.wait(timeout=20)

    assert exit_code == 130
    assert "the droplet decides the outcome" in step.summary


def test_a_run_that_is_killed_takes_the_key_away(step: Step, tmp_path: Path) -> None:
    with shipping(step, tmp_path, on_term="") as (process, _, key):
        process.kill()
        process.wait(timeout=20)

        assert not key.exists()
        assert [path for path in tmp_path.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()] == []


@pytest.mark.parametrize(
    "moment",
    ["event == 'open' and about[1] == 'w'", "event == 'subprocess.Popen'", "event == 'socket.connect'"],
)
def test_a_run_that_is_cancelled_before_while_or_after_it_runs_deploy_sh_says_so_too(step: Step, moment: str) -> None:
    still_runs = "exec sleep 60" if "Popen" in moment else "exit 0"
    step.project.write("deploy.sh", f"#!/bin/sh\n{still_runs}\n", mode=0o755)

    run = subprocess.run(
        [sys.executable, "-c", CANCELLED_AT.format(moment=moment)],
        cwd=step.project.folder,
        env=step.environment | {"VERB": "rollback", "RELEASE_SHA": ""},
        capture_output=True,
        timeout=20,
        check=False,
    )

    assert (run.returncode, run.stderr) == (143 if "Popen" in moment else 130, b"")
    assert step.summary.startswith("## ❌ Interrupted: the droplet decides the outcome\n")


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"HEALTH_PATIENCE_SECONDS": "soon"}, "HEALTH_PATIENCE_SECONDS must be a whole number"),
        ({"SERVER_NAME": "user@evil"}, "SERVER_NAME must be a host name"),
        ({"VERB": "destroy"}, "asked for 'destroy'"),
        ({"RELEASE_SHA": "1" * 39}, "does not know"),
        ({"DEPLOY_SSH_KEY": ""}, "DEPLOY_SSH_KEY is not set"),
    ],
)
def test_refuses_wrong_settings_before_anything_is_done(tmp_path: Path, setting: dict[str, str], words: str) -> None:
    files = {name: str(tmp_path / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    wanted = {"VERB": "deploy", "RELEASE_SHA": "1" * 40, "SERVER_NAME": "booty.example"}
    access = {"DEPLOY_SSH_KEY": KEY, "DEPLOY_HOST": "203.0.113.7", "DEPLOY_KNOWN_HOSTS": "x"}

    assert ship.main({**files, **wanted, **access, **setting}, PRODUCTION) == 1
    assert words in (tmp_path / "GITHUB_STEP_SUMMARY").read_text()


def test_a_rollback_to_the_release_before_is_held_to_what_the_droplet_said(step: Step) -> None:
    """Whoever deployed while this run waited for its approval has made the plan's answer stale."""
    back, planned = "1" * 40, "2" * 40
    step.project.deploy_ends(0, says=f"live: booty@{'3' * 40}\nlive: booty@{back}\nremoved {planned}\n")
    step.project.serves("4" * 40, then=back)
    asked = {"VERB": "rollback", "RELEASE_SHA": "", "BEFORE_SHA": back, "HEALTH_PATIENCE_SECONDS": "5"}

    assert ship.main(step.environment | asked, PRODUCTION) == 0
    assert step.outputs == {"sha": back, "url": f"{step.project.outside.url}/health"}


def test_a_rollback_of_which_the_droplet_says_nothing_must_change_what_is_served(step: Step) -> None:
    served = step.project.git("rev-parse", "HEAD")
    asked = {"VERB": "rollback", "RELEASE_SHA": "", "BEFORE_SHA": served, "HEALTH_PATIENCE_SECONDS": "0"}

    assert ship.main(step.environment | asked, PRODUCTION) == 1
    assert "the public address does not serve it" in step.summary
    assert step.outputs == {"sha": "", "url": ""}


def test_a_release_that_serves_but_cannot_be_seen_from_the_runner_is_a_warning(
    step: Step, capsys: pytest.CaptureFixture[str]
) -> None:
    sha = step.project.git("rev-parse", "HEAD")
    step.project.deploy_ends(3, says=f"live: booty@{sha}\nWARN nobody can see it\n")

    assert ship.main(step.environment | {"VERB": "deploy", "RELEASE_SHA": sha}, PRODUCTION) == 0
    assert "nobody can see it from the runner" in step.summary
    assert "::warning" in capsys.readouterr().out
    assert step.outputs["sha"] == sha


def test_asks_the_public_address_only_after_the_deploy(step: Step) -> None:
    step.project.deploy_ends(77)

    assert ship.main(step.environment | {"VERB": "rollback", "RELEASE_SHA": ""}, PRODUCTION) == 77
    assert step.project.outside.calls == []


@pytest.mark.parametrize("odd", ["{url}", "{url} shows", "http://evil shows booty@{sha}", "{url} shows booty@{sha}x"])
def test_takes_nothing_but_the_line_of_deploy_sh_for_a_public_address_that_was_asked(step: Step, odd: str) -> None:
    url, sha = f"{step.project.outside.url}/health", step.project.git("rev-parse", "HEAD")
    step.project.serves("4" * 40)
    step.project.deploy_ends(0, says=f"public: {odd.format(url=url, sha=sha)}\n")
    asked = {"VERB": "deploy", "RELEASE_SHA": sha, "HEALTH_PATIENCE_SECONDS": "0"}

    assert ship.main(step.environment | asked, PRODUCTION) == 1
    assert len(step.project.outside.called("GET", "/health")) == 1


def test_does_not_ask_again_what_deploy_sh_has_asked(step: Step) -> None:
    url, sha = f"{step.project.outside.url}/health", step.project.git("rev-parse", "HEAD")
    step.project.deploy_ends(0, says=f"live: booty@{sha}\npublic: {url} shows booty@{sha}\n")

    assert ship.main(step.environment | {"VERB": "deploy", "RELEASE_SHA": sha}, PRODUCTION) == 0
    assert step.outputs == {"sha": sha, "url": url}
    assert step.project.outside.calls == []
