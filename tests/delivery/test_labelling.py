"""A label that is refused costs the label alone."""

from __future__ import annotations

import pytest
from support.delivery_desk import Desk

from booty.observability.issues.outcomes import LabelRefused


def test_a_refused_label_costs_the_label_and_not_the_alert(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.tracker.posts = [LabelRefused("GitHub answered 422: label"), LabelRefused("GitHub answered 422: label")]
    desk.owe()

    desk.pass_time()

    assert desk.tracker.labels == [("agent:builder", "severity:error"), ("agent:builder",), ("severity:error",)]
    assert desk.tracker.events == ["e1"]
    assert [record.getMessage() for record in caplog.records] == ["labels_refused", "labels_refused"]
