"""A value comes back from its record; what cannot be one is refused by the name of its field."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from support.alerts import alert

from booty.observability.alerts.alert import Alert, Frame, Raised
from booty.observability.alerts.keeping.value import Unreadable

PLAIN = {"fingerprint": "1:2", "event": "e", "severity": "error"}


def test_a_value_comes_back_from_its_record() -> None:
    frame = Frame(path="a.py", line=3, before=("x = 1", ""), locals=(("cart", "[]"),), in_app=True)
    whole = alert(raised=(Raised(type="KeyError", frames=(frame,)),), occurred_at=datetime(2026, 11, 26, 9, tzinfo=UTC))

    assert Alert.read(json.loads(json.dumps(whole.record()))) == whole


def test_a_record_has_only_what_is_not_as_it_is_by_default() -> None:
    assert Alert.read(PLAIN).record() == {"fingerprint": "1:2", "event": "e", "severity": "error"}


def test_a_record_shares_nothing_with_its_value() -> None:
    tagged = Alert.read(PLAIN | {"tags": [["size", "large"]]})
    tagged.record()["tags"][0][1] = "small"

    assert tagged.tags == (("size", "large"),)


def test_half_a_surrogate_pair_goes_into_the_record_as_it_is() -> None:
    record = Alert.read(PLAIN).but(tags=(("name", "\ud800"),)).record()

    assert record["tags"] == [["name", "\ud800"]]


def test_fields_of_a_newer_release_are_ignored() -> None:
    assert Alert.read(PLAIN | {"mood": "sad", "raised": [{"colour": 5}]}).raised == (Raised(),)


def test_a_time_may_be_unix_seconds_as_of_an_alert_that_was_kept_in_mind() -> None:
    assert Alert.read(PLAIN | {"occurred_at": 0.5}).occurred_at == datetime(1970, 1, 1, 0, 0, 0, 500_000, UTC)


@pytest.mark.parametrize(
    ("record", "faults"),
    [
        (PLAIN | {"severity": "hush"}, ["severity"]),
        (PLAIN | {"raised": [{"frames": [{"line": "hush"}]}]}, ["raised[0].frames[0].line"]),
        (PLAIN | {"occurred_at": "hush"}, ["occurred_at"]),
        (PLAIN | {"occurred_at": 1e30}, ["occurred_at"]),
        (PLAIN | {"request": {"method": 5}}, ["request.method"]),
        ({"fingerprint": "hush", "rule": 5}, ["event", "severity", "rule"]),
        (PLAIN | {"breadcrumbs": [{"level": "hush"}]}, ["breadcrumbs[0]"]),
        (["hush"], []),
    ],
    ids=str,
)
def test_a_record_that_cannot_be_read_is_refused_by_its_fields_without_what_was_stored(
    record: object, faults: list[str]
) -> None:
    with pytest.raises(Unreadable) as refused:
        Alert.read(record)

    assert refused.value.fields == faults
    assert "hush" not in f"{refused.value!r} {refused.value} {refused.value.__cause__!r}"
