"""`booty doctor` at the command line."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from support.operator import run
from support.service import Service, eventually
from support.set_up import SetUp
from support.stand_in import Fault, says
from support.webhook import alert_body

SECRET, WEBHOOKS = "github_pat_dead_but_secret", "the-webhooks-own-secret"


def test_prints_one_line_a_check_and_ends_well(up: SetUp) -> None:
    done = run(up.state, "doctor", **up.environ)

    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert lines[0] == "ok    settings         alerts from error on become issues of acme/shop"
    assert {line.split()[0] for line in lines} == {"ok"}


def test_what_fails_says_what_to_do_next_and_needs_a_person(up: SetUp) -> None:
    up.github.labels.remove("agent:builder")

    done = run(up.state, "doctor", **up.environ)

    assert done.returncode == 3
    assert "FAIL  labels           missing: agent:builder  ->  booty doctor --fix\n" in done.stdout


def test_owners_whom_no_rule_asks_are_a_warning_and_rules_that_cannot_be_seen_are_not(up: SetUp) -> None:
    up.github.rules, up.github.has_owners = [], False
    unguarded = run(up.state, "doctor", **up.environ)
    up.github.fail(Fault(403, body=b'{"message": "no"}'), method="GET", path="/rules/branches")
    up.github.fail(Fault(502), method="GET", path="/codeowners")
    unseen = run(up.state, "doctor", **up.environ)

    assert (unguarded.returncode, unseen.returncode) == (0, 0)
    assert "warn  gate             no CODEOWNERS for .github/ and deploy/ is to be seen; no ruleset of main" in (
        unguarded.stdout
    )
    assert "ok    gate" in unseen.stdout


def test_a_machine_reads_the_same(up: SetUp) -> None:
    up.github.labels.remove("agent:builder")

    found = json.loads(run(up.state, "doctor", "--json", **up.environ).stdout)

    assert found["needs_person"] is True
    assert {"check": "labels", "level": "FAIL", "seen": "missing: agent:builder", "next": "booty doctor --fix"} in (
        found["checks"]
    )


def test_offline_asks_nobody(up: SetUp) -> None:
    done = run(up.state, "doctor", "--offline", **up.environ)

    assert done.returncode == 0
    assert up.github.calls == []
    assert "labels" not in done.stdout


def test_of_a_ledger_that_cannot_be_read_it_does_not_say_that_nothing_holds_it_up(up: SetUp) -> None:
    away = f"postgresql://owner@/booty?host={quote(str(up.state / 'nowhere'), safe='')}"

    done = run(up.state, "doctor", "--offline", **up.environ | {"BOOTY_LEDGER_URL": away})

    assert done.returncode == 3
    assert "deliveries       not looked at: see ledger" in done.stdout


def test_looking_changes_nothing(up: SetUp) -> None:
    up.github.labels.clear()
    before = {path: path.stat().st_mtime_ns for path in up.state.iterdir()}

    run(up.state, "doctor", **up.environ)

    assert {call.method for call in up.github.calls} == {"GET"}
    assert {path: path.stat().st_mtime_ns for path in up.state.iterdir()} == before


def test_where_there_is_no_state_directory_none_is_made(up: SetUp, tmp_path: Path) -> None:
    done = run(tmp_path / "none", "doctor", **up.environ | {"BOOTY_STATE_DIR": str(tmp_path / "none")})

    assert done.returncode == 0
    assert not (tmp_path / "none").exists()


def test_it_looks_beside_the_service_that_runs(up: SetUp, tmp_path: Path) -> None:
    with Service(tmp_path / "live", up.github.environ) as service:
        assert service.post(alert_body()).status == 202
        eventually(lambda: bool(up.github.issues))
        done = run(tmp_path / "live", "doctor", **up.environ | {"BOOTY_STATE_DIR": str(tmp_path / "live")})
        health = service.get("/health")

    assert (done.returncode, done.stderr) == (0, "")
    assert "deliveries       0 owed, nothing holds them up" in done.stdout
    assert (health.status, health.content["status"]) == (200, "ok")


def test_fixing_makes_the_labels_that_are_missing_and_nothing_else(up: SetUp) -> None:
    up.github.labels.remove("severity:error")

    done = run(up.state, "doctor", "--fix", **up.environ)

    made = [(call.method, call.path, call.body["name"]) for call in up.github.calls if call.method != "GET"]
    assert "made: severity:error, booty:test, booty:pipe" in done.stdout
    assert made == [
        ("POST", "/repos/acme/shop/labels", name) for name in ("severity:error", "booty:test", "booty:pipe")
    ]


def test_labels_that_github_lets_nobody_make_are_a_failure(up: SetUp) -> None:
    up.github.labels.clear()
    up.github.fail(says(403, {"message": "Resource not accessible by personal access token"}), path="/labels")

    done = run(up.state, "doctor", "--fix", **up.environ)

    assert done.returncode == 3
    assert "give GITHUB_TOKEN 'Issues: read and write'" in done.stdout


def test_fixing_without_asking_is_wrong_usage(up: SetUp) -> None:
    assert run(up.state, "doctor", "--fix", "--offline", **up.environ).returncode == 2


@pytest.mark.parametrize("option", [(), ("--json",)])
def test_no_secret_is_printed(up: SetUp, option: tuple[str, ...]) -> None:
    up.github.fail(says(403, {"message": f"no access with {SECRET}"}), method="GET")
    environ = up.environ | {"GITHUB_TOKEN": SECRET, "SENTRY_WEBHOOK_SECRET": WEBHOOKS}

    done = run(up.state, "doctor", *option, **environ)

    assert SECRET not in done.stdout + done.stderr
    assert WEBHOOKS not in done.stdout + done.stderr


def test_text_from_outside_cannot_steer_the_terminal(up: SetUp) -> None:
    up.github.repository["full_name"] = "acme/\x1b[31mshop\x07\u202e\r\n"

    done = run(up.state, "doctor", **up.environ)

    assert all(line.isprintable() for line in done.stdout.splitlines())


def test_in_preview_github_is_not_asked(up: SetUp) -> None:
    done = run(up.state, "doctor", **up.environ | {"BOOTY_PREVIEW": "1"})

    assert done.returncode == 0
    assert "warn  settings         BOOTY_PREVIEW is on" in done.stdout
    assert up.github.calls == []


def test_a_setting_that_is_not_known_is_a_warning(up: SetUp) -> None:
    done = run(up.state, "doctor", "--offline", **up.environ | {"OBSV_COOLDOWN_HOUR": "1"})

    assert done.returncode == 0
    assert "OBSV_COOLDOWN_HOUR: rename it to OBSV_COOLDOWN_HOURS" in done.stdout


@pytest.mark.parametrize("status", [404, 410, 500])
def test_labels_that_github_does_not_list_are_a_warning_that_says_what_to_do(up: SetUp, status: int) -> None:
    up.github.fail(says(status, {"message": "no"}), method="GET", path="/labels")

    (check,) = [check for check in up.examine() if check.name == "labels"]

    assert check.level == "warn"
    assert check.then.startswith("wait a minute, then: booty doctor; if it stays: give GITHUB_TOKEN")


def test_a_file_that_holds_no_token_is_said_to_be_empty(up: SetUp, tmp_path: Path) -> None:
    (file := tmp_path / "token").touch()
    up.environ |= {"GITHUB_TOKEN": "", "GITHUB_TOKEN_FILE": str(file)}

    (failure,) = up.failures()

    assert failure.seen == "GITHUB_TOKEN cannot be used (is empty)"
