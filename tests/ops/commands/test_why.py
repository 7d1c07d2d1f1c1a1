"""`booty why` tells the story of a problem, by whatever name it is asked for."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from flask import Flask
from support.hostile import TEXTS
from support.ledger_doors import Ledger
from support.operator import claim, iso, refuse, run
from support.sentry_events import FILED, PROJECT, Json, body_of, sample
from support.webhook import alert_body, answer, mount, post

from booty.observability.alerts.filters import Verdict
from booty.observability.alerts.issue import IssueRef
from booty.observability.ledger.schedule.jobs import FilingJob
from booty.observability.sentry.payload import parse
from booty.observability.webhook.service import NAME

RESOURCES = {
    "error.created.python": "error",
    "metric_alert.critical": "metric_alert",
    "metric_alert.warning": "metric_alert",
}
CHANGES = ["issue.created", "issue.ignored", "issue.resolved", "issue.unresolved"]
SOONER = "; before that, one of a release that is new to it, or of a worse level"
PAGE = "https://github.com/acme/shop/issues/12"


def told(state: Path, what: str, **settings: str) -> Json:
    """Return what the command tells a machine."""
    done = run(state, "why", what, "--json", **settings)
    assert (done.returncode, done.stderr) == (0, ""), what
    story: Json = json.loads(done.stdout)
    return story


def file_it(ledger: Ledger) -> None:
    """Have the one alert that is owed filed as #12."""
    job = ledger.queue.take(now=time.time())
    assert isinstance(job, FilingJob)
    ledger.queue.settle(job, IssueRef(12, PAGE), now=time.time())


def names_of(payload: Json, fingerprint: str, event: str) -> list[str]:
    """Return the names by which a person may ask for the problem of an alert."""
    data = payload["data"]
    sent = data.get("event") or data.get("error") or {}
    links = [link for link in (data.get("web_url"), sent.get("web_url")) if link]
    names = [fingerprint, event, *links, *(link.split("/events/")[0] for link in links)]
    if sent.get("event_id"):
        plain = sent["event_id"].replace("-", "")
        names += [
            sent["event_id"],
            plain.upper(),
            f"{plain[:8]}-{plain[8:12]}-{plain[12:16]}-{plain[16:20]}-{plain[20:]}",
        ]
    issue = sent.get("issue_id") or next(
        (link.split("/issues/")[1].split("/")[0] for link in links if "/issues/" in link), ""
    )
    if issue:
        names += [str(issue), f"https://acme.sentry.io/issues/{issue}/?project=1&query=is%3Aunresolved#top"]
    return names


@pytest.mark.parametrize("name", FILED)
def test_every_alert_is_explained_from_each_form_of_its_name(state: Path, ledger: Ledger, name: str) -> None:
    payload, resource = sample(name), RESOURCES.get(name, "event_alert")
    alert = parse(body_of(payload), resource)
    client = mount(Flask("host"), state).test_client()

    status, content = answer(post(client, body_of(payload), Sentry_Hook_Resource=resource))
    names = names_of(payload, alert.fingerprint, alert.event)
    before = {asked: told(state, asked) for asked in names}
    if status == 202:
        file_it(ledger)
        after = {asked: told(state, asked) for asked in [*names, "#12", "12", PAGE, f"{PAGE}/"]}
        assert {story["fingerprint"] for story in after.values()} == {alert.fingerprint}
        assert {(story["state"], story["issue"]) for story in after.values()} == {("open", 12)}
        assert {story["lines"][0]["became"][0]["what"] for story in after.values()} == {"filed"}

    assert {story["fingerprint"] for story in before.values()} == {alert.fingerprint}
    assert {story["state"] for story in before.values()} == {"owed" if status == 202 else content["reason"]}
    [line] = next(iter(before.values()))["lines"]
    assert line["verdict"] == ("accepted" if status == 202 else content["reason"])
    assert (line["severity"], line.get("rule"), line.get("release")) == (alert.severity, alert.rule, alert.release)


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("asked", ["API-3K", "api-3k", "https://umbrella.sentry.io/issues/5078901235/", "5078901235"])
def test_a_problem_that_only_its_status_is_known_of_is_explained(state: Path, name: str, asked: str) -> None:
    post(mount(Flask("host"), state).test_client(), body_of(sample(name)), Sentry_Hook_Resource="issue")

    story = told(state, asked)

    assert (story["fingerprint"], story["short_id"], story["state"]) == (
        "4504512345674:5078901235",
        "API-3K",
        "no_alert",
    )


def test_a_short_id_is_known_as_long_as_the_problem_is(state: Path, ledger: Ledger) -> None:
    post(mount(Flask("host"), state).test_client(), body_of(sample("issue.created")), Sentry_Hook_Resource="issue")
    ledger.engine.transact(lambda shelf: [shelf.pop(key) for key in [*shelf.under("journal/")]])

    assert told(state, "API-3K")["fingerprint"] == "4504512345674:5078901235"


def test_each_event_of_a_storm_leads_to_its_problem(state: Path) -> None:
    app = mount(Flask("host"), state)
    client = app.test_client()
    events = [f"{number:032x}" for number in range(30)]
    below = [f"{number:032x}" for number in range(100, 110)]
    for event in events:
        post(client, alert_body(event_id=event, issue_id="7"))
    for event in below:
        post(client, alert_body(event_id=event, issue_id="8", level="info"))
    app.extensions[NAME].claims.flush()  # what a storm counts together is written within a quarter of a second

    assert {told(state, event)["fingerprint"] for event in events} == {f"{PROJECT}:7"}
    assert {told(state, event)["fingerprint"] for event in below} == {f"{PROJECT}:8"}
    assert [line["times"] for line in told(state, events[9])["lines"]] == [1, 29]


def test_the_story_is_told_in_lines_with_what_it_is_now_and_when_it_speaks_again(state: Path, ledger: Ledger) -> None:
    now = float(int(time.time()))
    claim(ledger, "1:1", at=now - 7200)
    job = ledger.queue.take(now=now - 7190)
    assert isinstance(job, FilingJob)
    ledger.queue.settle(job, IssueRef(12, PAGE), now=now - 7190)

    done = run(state, "why", "#12", OBSV_COOLDOWN_HOURS="4")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "1:1",
        f"  {PAGE}",
        f"  {iso(now - 7200)} (2 h ago)  accepted (level error, project shop)",
        f"  {iso(now - 7190)} (1 h ago)    filed as #12",
        f"now: #12 is open; seen once, last {iso(now - 7200)} (2 h ago)",
        f"next: its next alert updates #12 from {iso(now + 7200)} (in 1 h) on (OBSV_COOLDOWN_HOURS=4){SOONER}",
    ]


def test_a_refused_one_says_githubs_words_and_what_to_type(state: Path, ledger: Ledger) -> None:
    refuse(ledger, "1:1", at=float(int(time.time())))

    story = told(state, "1:1")

    assert story["state"] == "refused"
    assert "410 Issues has been disabled in this repository." in story["now"]
    assert story["next"] == "fix the cause, then: booty retry 1:1"


def test_one_that_was_never_heard_of_gets_the_commonest_causes_in_order(state: Path, ledger: Ledger) -> None:
    claim(ledger, "1:1")
    ledger.claims.turned_away.count("unverified")
    ledger.claims.turned_away.flush()

    done, machine = run(state, "why", "SHOP-9Z"), run(state, "why", "SHOP-9Z", "--json")

    lines = done.stdout.splitlines()
    assert (done.returncode, machine.returncode, done.stderr) == (1, 1, "")
    assert lines[0] == "SHOP-9Z: never heard of it here. The commonest causes, in order:"
    assert [line[:5] for line in lines if line[2].isdecimal()] == ["  1. ", "  2. ", "  3. ", "  4. ", "  5. "]
    assert "booty reconcile --since 24h" in done.stdout
    assert "1 (401, signed with another secret)" in done.stdout
    assert (json.loads(machine.stdout)["state"], len(json.loads(machine.stdout)["causes"])) == ("unknown", 5)


@pytest.mark.parametrize(
    "what", ["", " ", "#", "#0", "#999999999", ":", "~1:1", "https://", "https://[", "/issues/", "%", "*"]
)
def test_what_is_no_name_of_anything_is_never_heard_of(state: Path, ledger: Ledger, what: str) -> None:
    claim(ledger, "1:1")

    assert run(state, "why", what).returncode == 1


def test_it_makes_nothing_where_there_is_no_ledger(state: Path) -> None:
    assert run(state, "why", "#1").returncode == 1
    assert not state.exists()


def test_it_asks_for_no_setting_but_those_that_decide(state: Path, ledger: Ledger) -> None:
    claim(ledger, "1:1")
    others = {"SENTRY_WEBHOOK_SECRET": "", "TARGET_REPO_URL": "?", "GITHUB_TOKEN": "", "PORT": "no"}

    assert run(state, "why", "1:1", **others).returncode == 0
    assert run(state, "why", "1:1", OBSV_COOLDOWN_HOURS="never").returncode == 78


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_that_came_from_outside_steers_the_terminal(state: Path, ledger: Ledger, text: str) -> None:
    client = mount(Flask("host"), state).test_client()
    event = {"title": text, "release": text, "level": "error", "web_url": f"https://sentry.io/issues/1/{text}"}
    post(client, body_of({"action": "triggered", "data": {"triggered_rule": text, "event": event | {"issue_id": "1"}}}))
    ledger.claims.note(parse(alert_body(title=text), None), Verdict.BELOW_SEVERITY, threshold="error", now=time.time())
    refused = ledger.queue.take(now=time.time())
    assert isinstance(refused, FilingJob)
    ledger.queue.refuse(refused, text, attempt=None, now=time.time())

    shown = [run(state, "why", "unknown:1").stdout, run(state, "why", text).stdout, run(state, "log").stdout]
    machines = [run(state, "why", "unknown:1", "--json").stdout, run(state, "log", "--json").stdout]

    assert all(char.isprintable() or char == "\n" for words in shown for char in words)
    assert all(words.isascii() for words in machines)
    assert len(shown[2].splitlines()) == 2
