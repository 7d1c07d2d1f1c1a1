"""`booty rebuild`: after a droplet was lost, no problem gets a second issue."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.fault_stories import EVENT, PROJECT, alert, filed, fingerprint, is_all_filed
from support.github_repositories import two
from support.github_stand_in import TOKEN, Fault, GitHubStandIn, Json
from support.ledger_doors import Ledger
from support.operator import ROOT, claim, environ_of, run
from support.sentry_events import body_of, delivered
from support.service import Service, eventually

from booty.observability.github.own_issues import MOST_PAGES
from booty.observability.ledger.engines.records import Record
from booty.observability.ledger.engines.sqlite import SqliteEngine

PAGE = 30


@pytest.fixture
def github() -> Iterator[GitHubStandIn]:
    with GitHubStandIn() as github:
        yield github


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """Make the state directory of a new droplet."""
    directory = tmp_path / "new"
    directory.mkdir(mode=0o700)
    return directory


def keep(github: GitHubStandIn, number: int, *, body: str | None = None, **changes: object) -> Json:
    """Have an issue of ours on GitHub, about problem `number`."""
    index = len(github.issues) + 1
    marker = f"<!-- booty:fingerprint={fingerprint(number)} event={index:032x} -->"
    issue: Json = {
        "number": index,
        "html_url": f"https://github.com/acme/shop/issues/{index}",
        "title": "[error] LookupError",
        "body": f"{body or 'It broke.'}\n\n{marker}",
        "state": "open",
        "user": {"login": github.login},
        "labels": [{"name": "agent:builder"}, {"name": "severity:error"}],
        "created_at": "2026-11-20T06:00:00Z",
        "updated_at": "2026-11-20T06:00:00Z",
    }
    github.issues.append(issue | changes)
    return issue


def rebuilt(state: Path, github: GitHubStandIn) -> dict[str, Record]:
    """Run the command; return the histories by fingerprint."""
    done = run(state, "rebuild", "--json", GITHUB_API_URL=github.api_url, GITHUB_TOKEN=TOKEN)
    assert (done.returncode, json.loads(done.stdout)["rebuilt"]) == (0, len(histories(state)))
    return histories(state)


def histories(state: Path) -> dict[str, Record]:
    return SqliteEngine(state).transact(
        lambda shelf: {key.removeprefix("alert/"): shelf[key] for key in list(shelf.under("alert/"))}
    )


def test_a_droplet_that_was_lost_files_nothing_twice(tmp_path: Path, empty: Path, github: GitHubStandIn) -> None:
    with Service(tmp_path / "lost", github.environ) as service:
        for number in (1, 2, 3):
            service.post(alert(number))
        assert is_all_filed(service)
    shutil.rmtree(tmp_path / "lost")
    github.change(2, state="closed", state_reason="completed")

    done = run(empty, "rebuild", GITHUB_API_URL=github.api_url, GITHUB_TOKEN=TOKEN)
    with Service(empty, github.environ) as service:
        answers = [service.post(again(number)).content for number in (1, 3, 4)]
        fixed_in_vain = service.post(again(2, release=f"booty@{'f' * 40}")).content
        assert is_all_filed(service)

    assert (done.returncode, done.stdout) == (0, "3 problems know their issue again\n")
    assert [answer["status"] for answer in answers] == ["ignored", "ignored", "accepted"]
    assert fixed_in_vain["status"] == "accepted"
    assert filed(github.issues) == {fingerprint(number): 1 for number in (1, 2, 3, 4)}
    assert github.issues[1]["state"] == "open"


def again(number: int, **changes: str) -> bytes:
    """Return an alert of the same problem with an event of now."""
    event = EVENT | changes | {"event_id": f"{number:031x}f", "timestamp": datetime.now(UTC).isoformat()}
    return body_of(delivered(event, issue=str(number), project=PROJECT))


def test_what_the_page_tells_is_known_again(empty: Path, github: GitHubStandIn) -> None:
    block = "<!-- booty:counter -->\n**Seen 1,234 times** since 2026-11-20 06:01 UTC, last on 2026-11-22 07:08 UTC.\n"
    keep(github, 1, body=f"{block}<!-- /booty:counter -->", labels=["severity:warning", "severity:fatal"])

    record = rebuilt(empty, github)[fingerprint(1)]

    assert (record["count"], record["worst"], record["told"]["count"]) == (1234, "fatal", 1234)
    assert record["last_seen"] == 1_795_331_280.0
    assert record["standing"]["closed_at"] is None


@pytest.mark.parametrize(
    ("earlier", "later", "counts"),
    [("closed", "open", 2), ("open", "closed", 1), ("open", "open", 2), ("closed", "closed", 2)],
)
def test_of_two_issues_of_a_problem_the_open_one_counts_then_the_newer_one(
    empty: Path, github: GitHubStandIn, earlier: str, later: str, counts: int
) -> None:
    for state in (earlier, later):
        keep(github, 1, state=state, closed_at="2026-11-21T06:00:00Z" if state == "closed" else None)

    assert rebuilt(empty, github)[fingerprint(1)]["issue"] == counts


def test_what_is_not_ours_is_left_out_and_what_lost_its_label_is_found_by_its_creator(
    empty: Path, github: GitHubStandIn
) -> None:
    keep(github, 1, labels=[])
    keep(github, 2, user={"login": "mallory"})
    keep(github, 3, body="\n<!-- booty:fingerprint=9:9 event=9 -->\n", user={"login": "mallory"}, labels=[])
    keep(github, 4)["body"] = "no marker"
    github.issues[-1]["body"] = "no marker"

    assert list(rebuilt(empty, github)) == [fingerprint(1)]


def test_all_pages_are_read(empty: Path, github: GitHubStandIn) -> None:
    for number in range(2 * PAGE + 1):
        keep(github, number)

    assert len(rebuilt(empty, github)) == 2 * PAGE + 1
    assert run(empty, "rebuild", GITHUB_API_URL=github.api_url, GITHUB_TOKEN=TOKEN).stdout.startswith("0 problems")


def test_a_ledger_that_knows_problems_is_left_alone(empty: Path, github: GitHubStandIn) -> None:
    claim(Ledger(empty, keep_seconds=1.0), "1:1")
    keep(github, 1)

    done = run(empty, "rebuild", GITHUB_API_URL=github.api_url, GITHUB_TOKEN=TOKEN)

    assert done.returncode == 3
    assert "nothing was changed" in done.stderr
    assert list(histories(empty)) == ["1:1"]


@pytest.mark.parametrize("fault", [Fault(502), Fault(403, body=b'{"message": "no"}'), Fault(200, body=b"[")])
def test_a_rebuild_that_was_broken_off_goes_on_where_it_was(empty: Path, github: GitHubStandIn, fault: Fault) -> None:
    for number in range(PAGE + 1):
        keep(github, number)
    first = run(empty, "rebuild", GITHUB_API_URL=github.api_url, GITHUB_TOKEN="wrong")
    github.fail(fault, method="GET", path="/issues", times=1)
    second = run(empty, "rebuild", GITHUB_API_URL=github.api_url, GITHUB_TOKEN=TOKEN)

    assert (first.returncode, second.returncode) == (69, 69)
    assert "Run it again: it goes on at page 1." in second.stderr
    assert len(rebuilt(empty, github)) == PAGE + 1


def test_a_rebuild_that_is_killed_goes_on_and_repeats_no_page(empty: Path, github: GitHubStandIn) -> None:
    for number in range(PAGE + 1):
        keep(github, number)
    environ = environ_of(empty, GITHUB_API_URL=github.api_url, GITHUB_TOKEN=TOKEN)
    with subprocess.Popen([sys.executable, "-m", "booty", "rebuild"], cwd=ROOT, env=environ) as process:
        assert eventually(lambda: any(call.query.get("page") == "2" for call in github.calls))
        process.send_signal(signal.SIGKILL)
    github.calls.clear()

    assert run(empty, "rebuild", GITHUB_API_URL=github.api_url, GITHUB_TOKEN=TOKEN).returncode == 0
    assert len(histories(empty)) == PAGE + 1
    assert [call.query["page"] for call in github.calls if "labels" in call.query] in (["2"], [])


def test_a_list_that_never_ends_is_not_read_for_ever(empty: Path, github: GitHubStandIn) -> None:
    page = [keep(github, number) for number in range(PAGE)]
    github.fail(Fault(200, body=json.dumps(page).encode()), method="GET", path="/issues")

    done = run(empty, "rebuild", GITHUB_API_URL=github.api_url, GITHUB_TOKEN=TOKEN)

    assert done.returncode == 69
    assert "GitHub lists the same issues again" in done.stderr
    assert len(histories(empty)) == PAGE
    assert len([call for call in github.calls if "labels" in call.query]) == 2


def test_a_list_of_ever_more_issues_is_not_read_for_ever(empty: Path, github: GitHubStandIn) -> None:
    page = [keep(github, number) for number in range(PAGE)]
    github.fail(Fault(200, body=json.dumps(page).encode()), method="GET", path="/issues")
    SqliteEngine(empty).transact(lambda shelf: shelf.__setitem__("rebuild", {"list": 0, "page": MOST_PAGES + 1}))

    done = run(empty, "rebuild", GITHUB_API_URL=github.api_url, GITHUB_TOKEN=TOKEN)

    assert done.returncode == 69
    assert "more than there can be" in done.stderr


def test_an_alert_that_comes_meanwhile_is_not_overwritten(empty: Path, github: GitHubStandIn) -> None:
    keep(github, 1)
    github.fail(Fault(502), method="GET", path="/issues", times=1)
    run(empty, "rebuild", GITHUB_API_URL=github.api_url, GITHUB_TOKEN=TOKEN)
    claim(Ledger(empty, keep_seconds=1.0), fingerprint(1), at=time.time())

    run(empty, "rebuild", GITHUB_API_URL=github.api_url, GITHUB_TOKEN=TOKEN)

    assert histories(empty)[fingerprint(1)]["state"] == "owed"


def test_it_needs_a_token_and_a_directory_that_is_there(tmp_path: Path) -> None:
    assert run(tmp_path, "rebuild", GITHUB_TOKEN="").returncode == 78
    nowhere = run(tmp_path / "nowhere", "rebuild")
    assert (nowhere.returncode, (tmp_path / "nowhere").exists()) == (69, False)


def test_issues_that_wait_for_a_person_are_listed_where_some_may(empty: Path, github: GitHubStandIn) -> None:
    for settings, listed in (({}, ["agent:builder"]), ({"OBSV_HANDOVER": "gate"}, ["agent:builder", "agent:triage"])):
        github.calls.clear()
        run(empty, "rebuild", **github.environ, **settings)
        (empty / "ledger-1.sqlite3").unlink(missing_ok=True)

        assert [call.query["labels"] for call in github.calls if "labels" in call.query] == listed


def test_every_repository_that_a_route_names_is_read_with_its_own_token(empty: Path, tmp_path: Path) -> None:
    """Of both the issue has the number 1; by another label, too."""
    (tmp_path / "web.token").write_text("the-token-of-web")
    (tmp_path / "routes.toml").write_text(f"""
[[route]]
environment = "staging"
repository = "Acme/Web"
trigger_label = "agent:web"
token_file = "{tmp_path / "web.token"}"
""")
    with two(second="the-token-of-web") as github:
        keep(github.of["acme/shop"], 1)
        keep(github.of["acme/web"], 1, labels=[{"name": "agent:web"}], user={"login": github.of["acme/web"].login})
        known = {name: github.environ[name] for name in ("GITHUB_API_URL", "GITHUB_TOKEN")}
        done = run(empty, "rebuild", "--json", OBSV_ROUTES=str(tmp_path / "routes.toml"), **known)

    name = fingerprint(1)
    assert (done.returncode, json.loads(done.stdout)) == (0, {"rebuilt": 2})
    assert sorted(histories(empty)) == [name, f"{name}@acme:web"]
    assert {histories(empty)[each]["issue"] for each in (name, f"{name}@acme:web")} == {1}
