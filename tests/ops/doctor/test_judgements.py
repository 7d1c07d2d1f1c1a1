"""What the doctor makes of what it sees."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from support.other_user import acting_as_nobody
from support.set_up import SetUp

from booty.observability.github.setup.access import Access
from booty.observability.github.setup.gate import Gate
from booty.observability.ops.doctor.droplet import body_limit
from booty.observability.ops.doctor.github.access import (
    check_access,
    check_clock,
    check_repository,
    check_rights,
    check_token,
)
from booty.observability.ops.doctor.github.gate import check_gate
from booty.observability.ops.doctor.state import check_state

NOW, DAY = 1_795_000_000.0, 24 * 3600.0
WELL = Access("acme/shop", is_archived=False, has_issues=True, may_label=True, expires_at=None, clock=NOW)
GUARDED = Gate(2, is_one_user=False, prevents_self_review=True, lets_admins_bypass=False, lets_any_branch=False)


def changed(**changes: object) -> Access:
    return Access(**{name: getattr(WELL, name) for name in Access.__slots__} | changes)


@pytest.mark.parametrize(
    ("off", "level"), [(0, "ok"), (9, "ok"), (-9, "ok"), (30, "warn"), (-30, "warn"), (61, "FAIL"), (-86400, "FAIL")]
)
def test_a_clock_may_be_some_seconds_off(off: float, level: str) -> None:
    assert check_clock(WELL, now=NOW + off).level == level


def test_a_wrong_clock_of_ours_does_not_end_the_token() -> None:
    access = changed(expires_at=NOW + 90 * DAY)

    failed = [
        check.name for check in check_access(access, repository="acme/shop", now=NOW + 89 * DAY) if check.is_failed
    ]

    assert failed == ["clock"]


@pytest.mark.parametrize(("days", "level"), [(-1, "FAIL"), (3, "FAIL"), (13, "FAIL"), (20, "warn"), (90, "ok")])
def test_a_token_is_renewed_in_time(days: float, level: str) -> None:
    assert check_token(changed(expires_at=NOW + days * DAY), now=NOW).level == level


def test_a_renamed_repository_is_a_warning() -> None:
    assert check_repository(WELL, "acme/store").level == "warn"
    assert check_repository(WELL, "Acme/Shop").level == "ok"


def test_rights_that_github_does_not_tell_are_no_failure() -> None:
    assert check_rights(changed(may_label=None)).level == "warn"


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("client_max_body_size 2m;", 2 * 1024**2),
        ("  client_max_body_size 512K ;", 512 * 1024),
        ("client_max_body_size 0;", 0),
        ("client_max_body_size 3000000;", 3_000_000),
        ("# client_max_body_size 2m;", 1024**2),
        ("", 1024**2),
    ],
)
def test_a_body_limit_is_read_as_nginx_reads_it(text: str, limit: int) -> None:
    assert body_limit(text) == limit


def test_without_the_workflow_a_missing_environment_is_a_warning() -> None:
    assert check_gate(None, has_workflow=False).level == "warn"
    assert check_gate(None, has_workflow=True).level == "FAIL"


def test_owners_who_are_not_asked_are_a_warning() -> None:
    check = check_gate(replace(GUARDED, has_owners=False, asks_owners=False), has_workflow=True)

    assert check.level == "warn"
    assert (
        check.seen
        == "no CODEOWNERS for .github/ and deploy/ is to be seen; no ruleset of main asks the owners for a review"
    )


def test_all_that_weakens_a_gate_is_said_at_once() -> None:
    weak = Gate(1, is_one_user=True, prevents_self_review=True, lets_admins_bypass=True, lets_any_branch=True)

    check = check_gate(weak, has_workflow=True)

    assert check_gate(GUARDED, has_workflow=True).level == "ok"
    assert (check.level, check.seen.count(";")) == ("warn", 2)


@pytest.mark.parametrize(("milliseconds", "level"), [(2.0, "ok"), (150.0, "warn"), (900.0, "FAIL")])
def test_a_disk_must_be_fast_enough_for_sentrys_second(tmp_path: Path, milliseconds: float, level: str) -> None:
    tmp_path.chmod(0o700)

    assert check_state(tmp_path, sync_ms=lambda _: milliseconds).level == level


def test_a_directory_that_others_may_look_into_is_a_warning(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)

    check = check_state(tmp_path)

    assert (check.level, check.then) == ("warn", f"chmod 700 {tmp_path}")


def test_a_directory_of_another_user_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o700)

    with acting_as_nobody():
        check = check_state(tmp_path / "open" / "state")

    assert check.is_failed
    assert "chown -R" in check.then


def test_settings_that_every_user_may_read_are_a_warning(up: SetUp) -> None:
    up.write("etc/booty/secrets.env", "GITHUB_TOKEN=hush\n")
    (path := up.root / "etc/booty/secrets.env").chmod(0o644)
    seen = next(check for check in up.examine() if check.name == "secrets")
    path.chmod(0o600)

    assert (seen.level, seen.then) == ("warn", "sudo chmod 600 /etc/booty/secrets.env")
    assert {check.level for check in up.examine()} == {"ok"}


def test_each_remedy_for_a_unit_can_be_typed(up: SetUp) -> None:
    up.states.clear()

    (failure,) = up.failures()

    typed = [shlex.split(command, comments=True) for command in failure.then.split("; ")]
    assert [words[:2] for words in typed] == [["sudo", "systemctl"]] * 3
