"""What is wrong in Sentry is named by one FAIL as well, and heals by its words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from support.operator import run
from support.sentry_stand_in import Fault, SentryStandIn, limited
from support.set_up import SetUp
from support.stand_in import says

Act = Callable[[SetUp, SentryStandIn], object]
NAMES = ["sentry", "scopes", "installation", "webhook", "requests"]


@pytest.fixture
def sentry(up: SetUp) -> Iterator[SentryStandIn]:
    with SentryStandIn() as sentry:
        up.connect(sentry)
        yield sentry


def app(**changes: object) -> Act:
    """Change the integration."""
    return lambda _, sentry: sentry.app.update(changes)


def answered(code: int) -> Act:
    """Have the last webhook be answered so."""
    request = {"date": str(datetime.now(UTC)), "responseCode": code}
    return lambda _, sentry: setattr(sentry, "requests", [request, *(sentry.requests or [])])


def fails(fault: Fault) -> Act:
    """Have every call go wrong."""
    return lambda _, sentry: sentry.fail(fault, method="GET")


def heals(_: SetUp, sentry: SentryStandIn) -> None:
    """Let every call go well."""
    sentry.forgive()


def token(value: str) -> Act:
    return lambda up, _: up.environ.update(SENTRY_AUTH_TOKEN=value)


def organization(value: str) -> Act:
    return lambda up, _: up.environ.update(SENTRY_ORG=value)


def scopes(*names: str) -> Act:
    return lambda _, sentry: setattr(sentry, "scopes", frozenset(names))


def installation(uuid: str | None) -> Act:
    return lambda _, sentry: setattr(sentry, "installation", uuid)


BROKEN: dict[str, tuple[Act, str, str, Act]] = {
    "a dead token": (token("sntryu_x"), "sentry", "set SENTRY_AUTH_TOKEN", token("sntryu_of_the_tests")),
    "an outage": (fails(Fault(503)), "sentry", "look at SENTRY_URL", heals),
    "another organization": (organization("acmee"), "installation", "check SENTRY_ORG", organization("acme")),
    "a reader's token": (
        scopes("event:read", "project:read", "org:read"),
        "scopes",
        "'Issue & Event: Read & Write'",
        scopes("event:write", "project:read", "org:read"),
    ),
    "nothing installed": (installation(None), "installation", "make an internal integration", installation("1")),
    "the server without a path": (
        app(webhookUrl="https://alerts.example.com/"),
        "webhook",
        "set the webhook URL to https://YOUR.SERVER/webhooks/sentry",
        app(webhookUrl="https://alerts.example.com/webhooks/sentry"),
    ),
    "no webhook URL": (
        app(webhookUrl=None),
        "webhook",
        "set the webhook URL",
        app(webhookUrl="https://alerts.example.com/webhooks/sentry/"),
    ),
    "no rule can use it": (app(isAlertable=False), "webhook", "switch Alert Rule Action on", app(isAlertable=True)),
    "the wrong secret": (answered(401), "requests", "booty test-alert", answered(202)),
    "a redirect": (answered(301), "requests", "Dashboard", answered(202)),
    "no answer in time": (answered(0), "requests", "booty test-alert", answered(202)),
}


def test_nothing_is_wrong_in_a_sentry_in_which_all_is_well(up: SetUp, sentry: SentryStandIn) -> None:
    checks = up.examine()

    assert {check.level for check in checks} == {"ok"}
    assert [check.name for check in checks if check.name in NAMES] == NAMES
    assert {call.method for call in sentry.calls} == {"GET"}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_wrong_is_named_once_and_heals_by_what_the_words_say(
    up: SetUp, sentry: SentryStandIn, broken: tuple[Act, str, str, Act]
) -> None:
    breaks, name, words, heal = broken
    breaks(up, sentry)

    (failure,) = up.failures()
    assert failure.name == name
    assert words in failure.then

    heal(up, sentry)

    assert up.failures() == []


@pytest.mark.parametrize(
    ("breaks", "name", "words"),
    [
        (fails(limited()), "sentry", "wait a minute"),
        (scopes("event:write"), "installation", "'Organization: Read'"),
        (scopes("event:write", "org:read"), "scopes", "'Project: Read'"),
        (app(webhookUrl="http://alerts.example.com/webhooks/sentry"), "webhook", "use https"),
        (app(events=[]), "webhook", "tick issue"),
        (lambda _, sentry: setattr(sentry, "requests", None), "requests", "Dashboard"),
        (lambda _, sentry: setattr(sentry, "requests", []), "requests", "give an alert rule the integration"),
        (lambda _, sentry: sentry.requests.append({"responseCode": 503}), "requests", "booty reconcile --since"),
        (
            lambda _, sentry: sentry.fail(says(200, "nonsense"), method="GET", path="/sentry-app-installations/"),
            "installation",
            "check SENTRY_URL",
        ),
    ],
)
def test_what_may_be_meant_or_cannot_be_seen_is_a_warning(
    up: SetUp, sentry: SentryStandIn, breaks: Act, name: str, words: str
) -> None:
    breaks(up, sentry)

    checks = {check.name: check for check in up.examine()}
    assert (checks[name].level, words in checks[name].then) == ("warn", True)
    assert not any(check.is_failed for check in checks.values())


def test_without_a_token_sentry_is_not_asked(up: SetUp) -> None:
    assert not {check.name for check in up.examine()}.intersection(NAMES)


def test_offline_sentry_is_not_asked_either(up: SetUp, sentry: SentryStandIn) -> None:
    run(up.state, "doctor", "--offline", **up.environ)

    assert sentry.calls == []


def test_sentrys_token_is_not_printed(up: SetUp, sentry: SentryStandIn) -> None:
    sentry.app["webhookUrl"] = f"https://alerts.example.com/{up.environ['SENTRY_AUTH_TOKEN']}"

    assert up.environ["SENTRY_AUTH_TOKEN"] not in run(up.state, "doctor", **up.environ).stdout
