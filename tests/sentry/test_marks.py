"""Only who has the secret makes a test alert; a stranger's error goes to the agent as any other."""

from __future__ import annotations

import json

import pytest
from support.sentry_events import Json

from booty.observability.alerts.alert import Alert
from booty.observability.issues.page.body import render
from booty.observability.ops.test_alert.body import SampleAlert
from booty.observability.sentry.marks import TAG, mark_of
from booty.observability.sentry.payload import glance

SECRETS = ("the-webhooks-own-secret", "the-one-before-it-was-rotated")
SAMPLE = SampleAlert(issue="12ab", event="e" * 32, at=1_795_000_000.0)
LABELS = ("agent:builder", "severity:fatal")


def read(body: bytes) -> Alert:
    return glance(body, "event_alert", secrets=SECRETS).whole


def labels_of(body: bytes) -> tuple[str, ...]:
    return render(read(body), trigger_label="agent:builder").labels


def changed(**event: object) -> bytes:
    """Return the body of a test alert, with `event` in it."""
    body: Json = json.loads(SAMPLE.body(SECRETS[0]))
    body["data"]["event"] |= event
    return json.dumps(body).encode()


@pytest.mark.parametrize("secret", SECRETS)
def test_a_test_alert_is_known_by_its_mark_and_goes_to_nobody(secret: str) -> None:
    alert = read(SAMPLE.body(secret))

    assert (alert.is_test, alert.own) == (True, False)
    assert render(alert, trigger_label="agent:builder").labels == ("booty:test",)


def test_its_issue_does_not_show_the_mark() -> None:
    body = SAMPLE.body(SECRETS[0])
    mark = mark_of(fingerprint=SAMPLE.fingerprint, event=SAMPLE.event, secret=SECRETS[0])

    assert mark in body.decode()
    assert mark not in str(read(body).record()) + render(read(body), trigger_label="x").body


def test_its_issue_is_found_by_the_marker_that_it_has() -> None:
    assert render(read(SAMPLE.body(SECRETS[0])), trigger_label="x").marker == SAMPLE.draft.marker


@pytest.mark.parametrize(
    "tags",
    [
        [[TAG, "1"]],
        [[TAG, ""]],
        [[TAG, "\N{SNOWMAN}" * 64]],
        [[TAG, mark_of(fingerprint=SAMPLE.fingerprint, event=SAMPLE.event, secret="somebody-else's")]],
        [[TAG, mark_of(fingerprint=SAMPLE.fingerprint, event="f" * 32, secret=SECRETS[0])]],
        [[TAG, mark_of(fingerprint="4711:12", event=SAMPLE.event, secret=SECRETS[0])]],
    ],
)
def test_a_stranger_cannot_keep_an_issue_from_the_agent(tags: list[list[str]]) -> None:
    assert labels_of(changed(tags=tags)) == LABELS


def test_a_mark_that_was_seen_is_good_for_no_other_event_or_problem() -> None:
    plain = json.loads(SAMPLE.body(SECRETS[0]))["data"]["event"]["tags"][1:]

    assert labels_of(changed(tags=plain, event_id="f" * 32)) == LABELS
    assert labels_of(changed(tags=plain, issue_id="4711")) == LABELS
    assert labels_of(changed(tags=plain, project=4711)) == LABELS


def test_a_service_without_the_secret_or_an_older_one_ignores_it() -> None:
    assert glance(SAMPLE.body(SECRETS[0]), "event_alert").own
