"""`booty reconcile`: what it finds, what it says, what it needs."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.ledger_doors import Ledger
from support.operator import Done, claim, run
from support.sentry_events import PROJECT
from support.sentry_stand_in import Fault, SentryStandIn

HOUR = 3600.0


@pytest.fixture
def sentry() -> Iterator[SentryStandIn]:
    with SentryStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Return a ledger to which an alert of the project came."""
    of = Ledger(tmp_path)
    claim(of, f"{PROJECT}:100", at=time.time() - 86400)
    return of


def reconcile(state: Path, sentry: SentryStandIn, *arguments: str) -> Done:
    return run(state, "reconcile", *arguments, **sentry.environ)


def test_claims_what_is_missing_for_the_service_to_file(tmp_path: Path, sentry: SentryStandIn, ledger: Ledger) -> None:
    sentry.see(1, first=time.time() - HOUR)
    sentry.see(2, first=time.time() - 9 * HOUR)
    done = reconcile(tmp_path, sentry, "--since", "6h")

    assert (done.returncode, done.stderr) == (0, "")
    [line] = done.stdout.splitlines()
    assert line.startswith("to be filed")
    assert f"(1 h ago)  new  {PROJECT}:1  KeyError: 'of problem 1'  https://acme.sentry.io/issues/1/" in line
    assert ledger.owed == 2
    assert "nothing is missing since" in reconcile(tmp_path, sentry).stdout


def test_a_dry_run_only_shows(tmp_path: Path, sentry: SentryStandIn, ledger: Ledger) -> None:
    sentry.see(1, first=time.time() - HOUR)
    done = reconcile(tmp_path, sentry, "--dry-run", "--json")

    found = json.loads(done.stdout)
    assert [(each["fingerprint"], each["verdict"]) for each in found["found"]] == [(f"{PROJECT}:1", None)]
    assert ledger.owed == 1


def test_the_rest_needs_a_person(tmp_path: Path, sentry: SentryStandIn, ledger: Ledger) -> None:
    for number in range(1, 23):
        sentry.see(number, first=time.time() - HOUR + number)
    done = reconcile(tmp_path, sentry)

    assert done.returncode == 3
    assert "! 2 more are missing: run it again" in done.stdout
    assert ledger.owed == 21
    assert reconcile(tmp_path, sentry).returncode == 0


@pytest.mark.parametrize("missing", ["SENTRY_ORG", "SENTRY_AUTH_TOKEN"])
def test_names_the_setting_that_it_lacks(tmp_path: Path, sentry: SentryStandIn, missing: str) -> None:
    del sentry.environ[missing]
    done = reconcile(tmp_path, sentry)

    assert (done.returncode, missing in done.stderr) == (78, True)


def test_a_directory_without_a_ledger_stays_without(tmp_path: Path, sentry: SentryStandIn) -> None:
    done = reconcile(tmp_path / "state", sentry)

    assert (done.returncode, (tmp_path / "state").exists()) == (1, False)


def test_a_permission_that_is_missing_is_named(tmp_path: Path, sentry: SentryStandIn, ledger: Ledger) -> None:
    sentry.scopes = frozenset()
    done = reconcile(tmp_path, sentry)

    assert (done.returncode, "'Issue & Event: Read'" in done.stderr) == (78, True)
    assert ledger.owed == 1


def test_an_outage_of_sentry_is_said(tmp_path: Path, sentry: SentryStandIn, ledger: Ledger) -> None:
    sentry.fail(Fault(503), method="GET")
    done = reconcile(tmp_path, sentry)

    assert (done.returncode, "Sentry answered 503" in done.stderr) == (69, True)
    assert ledger.owed == 1


def test_no_title_steers_the_terminal(tmp_path: Path, sentry: SentryStandIn, ledger: Ledger) -> None:
    sentry.see(1, first=time.time() - HOUR)
    sentry.problems["1"] |= {"title": "\x1b[2J\u202etxt\n! owned", "permalink": "https://x/\x1b]0;y"}
    shown = reconcile(tmp_path, sentry, "--dry-run").stdout

    assert len(shown.splitlines()) == 1
    assert not {"\x1b", "\u202e"} & set(shown)
    assert ledger.owed == 1


ROUTES = """
[[route]]
organization = "acme"
environment = "staging"
drop = true

[[route]]
environment = "production"
min_severity = "fatal"
"""


@pytest.mark.parametrize(
    ("environment", "found"),
    [(None, [f"{PROJECT}:1"]), ("staging", []), ("production", []), ("test", [f"{PROJECT}:1"])],
)
def test_what_its_route_does_not_file_is_not_missing(
    tmp_path: Path, sentry: SentryStandIn, ledger: Ledger, environment: str | None, found: list[str]
) -> None:
    (tmp_path / "routes.toml").write_text(ROUTES)
    sentry.see(1, first=time.time() - HOUR, environment=environment)
    settings = {"OBSV_ROUTES": str(tmp_path / "routes.toml"), "TARGET_REPO_URL": "acme/shop"}
    settings["SENTRY_WEBHOOK_SECRET"] = "acme:hush-hush-hush-hush"
    dry, done = (
        run(tmp_path, "reconcile", "--json", *more, **settings, **sentry.environ) for more in (("--dry-run",), ())
    )

    for each in (dry, done):
        assert [one["fingerprint"] for one in json.loads(each.stdout)["found"]] == found
    assert ledger.owed == 1 + len(found)


def test_a_file_of_routes_that_cannot_be_read_is_said(tmp_path: Path, sentry: SentryStandIn, ledger: Ledger) -> None:
    settings = {"OBSV_ROUTES": "/nonexistent", "TARGET_REPO_URL": "acme/shop"}
    settings["SENTRY_WEBHOOK_SECRET"] = "hush-hush-hush-hush"
    done = run(tmp_path, "reconcile", **settings, **sentry.environ)

    assert (done.returncode, "'/nonexistent' cannot be read" in done.stderr) == (78, True)
    assert ledger.owed == 1
