"""The first sentence says all of it in words; what the error ran on is folded away at the end."""

from __future__ import annotations

from datetime import datetime

import pytest
from support import alerts
from support.alerts import alert, frame

from booty.observability.alerts.alert import Alert, Raised
from booty.observability.issues.page.triage import ran_on, triage


def test_says_what_where_in_which_release_and_when() -> None:
    assert triage(alerts.python_chained()) == (
        "`OrderMissing` raised at `shop/store.py:15` in `total`, unhandled,"
        f" in release `{alerts.RELEASE}`, on `production`, at 2026-11-23 09:48:11 UTC."
    )


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (alert(occurred_at=None), "Message logged."),
        (alert(occurred_at=None, detected="N+1 Query", culprit="/cart"), "`N+1 Query` reported in `/cart`."),
        (
            alert(occurred_at=None, detected="Downtime detected", category="uptime", culprit="https://shop.example/up"),
            "`Downtime detected` reported for `https://shop.example/up`.",
        ),
        (alert(occurred_at=None, culprit="drain"), "Message logged in `drain`."),
        (
            alert(occurred_at=None, stack=(frame("a.py", 3, "f"),), culprit="drain"),
            "Message logged at `a.py:3` in `f`.",
        ),
        (alert(occurred_at=None, raised=(Raised(),)), "Exception without a name raised."),
        (
            alert(occurred_at=None, raised=(Raised(), Raised(type="KeyError"))),
            "`KeyError` raised.",
        ),
        (alert(occurred_at=None, release="shop@4.18.2"), "Message logged, in release `shop@4.18.2`."),
        (alert(occurred_at=datetime(2026, 1, 2, 3, 4)), "Message logged, at 2026-01-02 03:04:00 UTC."),  # noqa: DTZ001 - Sentry's times can lack a zone
        (
            alert(kind="metric", rule="Too many 500s", environment="production"),
            "Metric alert `Too many 500s` fired, on `production`, since 2026-11-23 09:48:11 UTC.",
        ),
        (alert(kind="metric", occurred_at=None), "Metric alert fired."),
    ],
)
def test_says_no_more_than_the_alert_knows(told: Alert, sentence: str) -> None:
    assert triage(told) == sentence


def test_folds_away_what_it_ran_on_with_the_tags_that_say_something_new() -> None:
    told = alert(
        contexts=(("runtime", "CPython 3.11.7"), ("os", "Debian 12")),
        tags=(
            ("environment", "production"),
            ("level", "error"),
            ("release", "shop@1"),
            ("runtime", "CPython 3.11.7"),
            ("transaction", "/cart"),
            ("logger", "shop.orders"),
        ),
        culprit="shop.orders",
    )

    assert ran_on(told) == (
        "<details>\n<summary>What it ran on, and its tags</summary>\n\n"
        "- `runtime`: `CPython 3.11.7`\n- `os`: `Debian 12`\n- `transaction`: `/cart`\n\n</details>"
    )


def test_folds_nothing_away_when_there_is_nothing() -> None:
    assert ran_on(alert(tags=(("level", "error"),))) is None
