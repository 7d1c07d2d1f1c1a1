"""Changes of a problem's status in Sentry, read from recorded issue webhooks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.sentry_events import PAYLOADS, body_of, sample

from booty.observability.alerts.status_change import Change, StatusChange
from booty.observability.sentry.payload import parse
from booty.observability.sentry.resources import InvalidPayload, NotHandled
from booty.observability.sentry.status_changes import parse_status_change

CHANGES = ["issue.created", "issue.ignored", "issue.resolved", "issue.unresolved", "metric_alert.resolved"]
OTHERS = sorted(path.stem for path in PAYLOADS.glob("*.json") if path.stem not in CHANGES)


def test_reads_who_resolved_a_problem_in_which_release() -> None:
    change = parse_status_change(body_of(sample("issue.resolved")), "issue")

    assert change == StatusChange(
        fingerprint="4504512345674:5078901235",
        change="resolved",
        key=change.key,
        actor="Ana Kovač",
        by_person=True,
        release="api@11.2.1",
        last_seen=datetime(2026, 3, 2, 11, 0, tzinfo=UTC),
        first_seen=datetime(2026, 3, 2, 10, 15, 30, 123000, tzinfo=UTC),
        events=12,
        users=4,
        aliases=("issue:5078901235",),
        short_id="API-3K",
        sentry_url="https://umbrella.sentry.io/issues/5078901235/",
    )


def test_the_change_of_an_issue_has_the_fingerprint_of_its_errors() -> None:
    alert = parse(body_of(sample("error.created.python")), "error")

    assert parse_status_change(body_of(sample("issue.created")), "issue").fingerprint == alert.fingerprint


def test_the_end_of_a_metric_alert_names_the_page_of_its_beginning() -> None:
    alert = parse(body_of(sample("metric_alert.critical")), "metric_alert")
    change = parse_status_change(body_of(sample("metric_alert.resolved")), "metric_alert")

    assert change.sentry_url is not None
    assert change.sentry_url == alert.sentry_url


def test_the_end_of_a_metric_alert_has_the_fingerprint_of_its_beginning() -> None:
    alert = parse(body_of(sample("metric_alert.critical")), "metric_alert")
    change = parse_status_change(body_of(sample("metric_alert.resolved")), "metric_alert")

    assert (change.fingerprint, change.change) == (alert.fingerprint, "resolved")
    assert change.last_seen == datetime(2026, 3, 2, 10, 40, tzinfo=UTC)
    assert not change.by_person


@pytest.mark.parametrize(
    ("action", "change"),
    [
        ("created", "created"),
        ("resolved", "resolved"),
        ("unresolved", "unresolved"),
        ("ignored", "muted"),
        ("archived", "muted"),
    ],
)
def test_calls_each_change_by_our_own_name(action: str, change: Change) -> None:
    assert parse_status_change(body_of(sample("issue.created") | {"action": action}), None).change == change


def test_knows_a_regression() -> None:
    change = parse_status_change(body_of(sample("issue.unresolved")), "issue")

    assert (change.change, change.is_regression, change.by_person, change.actor) == (
        "unresolved",
        True,
        False,
        "Sentry",
    )


@pytest.mark.parametrize(
    ("counts", "events", "users"),
    [
        ({"count": "1234", "userCount": 56}, 1234, 56),
        ({"count": 7, "userCount": "0"}, 7, 0),
        ({"count": "many", "userCount": -1}, None, None),
        ({"count": "9" * 400, "userCount": None}, None, None),
        ({"count": "1.5"}, None, 4),
    ],
    ids=str,
)
def test_reads_how_many_events_and_users_sentry_counted(
    counts: dict[str, object], events: int | None, users: int | None
) -> None:
    payload = sample("issue.created")
    payload["data"]["issue"] |= counts
    change = parse_status_change(body_of(payload), "issue")

    assert (change.events, change.users) == (events, users)


def test_a_body_that_comes_twice_has_one_key() -> None:
    keys = [
        parse_status_change(body_of(sample(name)), "issue").key
        for name in ("issue.created", "issue.created", "issue.ignored")
    ]

    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize("name", OTHERS)
def test_no_other_recorded_body_is_a_status_change(name: str) -> None:
    with pytest.raises(NotHandled) as caught:
        parse_status_change(body_of(sample(name)), name.partition(".")[0])

    assert caught.value.resource == name.partition(".")[0]


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        (b"[]", ("json_object",)),
        (b"{}", ("data.issue",)),
        (b'{"action":"resolved","data":null}', ("data.issue",)),
        (b'{"action":"resolved","data":{"issue":{"id":null}}}', ("issue.id",)),
        (b'{"action":"resolved","data":{"metric_alert":{}}}', ("metric_alert.id", "metric_alert.alert_rule.id")),
    ],
)
def test_refuses_a_change_of_nothing(body: bytes, missing: tuple[str, ...]) -> None:
    with pytest.raises(InvalidPayload) as caught:
        parse_status_change(body, None)

    assert caught.value.missing == missing


ODD: st.SearchStrategy[object] = st.none() | st.text() | st.integers() | st.floats() | st.just([]) | st.just({})


@given(data=st.data(), name=st.sampled_from(CHANGES))
def test_no_value_in_an_issue_breaks_it(data: st.DataObject, name: str) -> None:
    payload = sample(name)
    subject = payload["data"].get("issue") or payload["data"]["metric_alert"]
    for field in data.draw(st.lists(st.sampled_from(sorted(subject)), max_size=5)):
        subject[field] = data.draw(ODD)

    try:
        change = parse_status_change(body_of(payload), name.partition(".")[0])
    except InvalidPayload:
        return

    assert StatusChange.read(change.record()) == change
