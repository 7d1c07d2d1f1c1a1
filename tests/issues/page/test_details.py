"""What a detector measured is in one table, in a fence."""

from __future__ import annotations

from support.alerts import alert

from booty.observability.issues.page.details import details, reconciled
from booty.observability.issues.page.notice import LACKS, RECONCILED


def test_shows_the_details_one_below_the_other() -> None:
    told = (("Transaction", "/orders"), ("Parent span", "django.view\n  - orders"), ("Times", "25"))

    assert details(alert(details=told)) == (
        "### Details\n\n```\nTransaction:  /orders\nParent span:  django.view - orders\nTimes:        25\n```"
    )


def test_says_nothing_where_nothing_was_measured() -> None:
    assert details(alert()) is None


def test_an_alert_that_no_webhook_brought_says_so_with_what_it_lacks() -> None:
    assert reconciled(alert()) is None
    assert reconciled(alert(is_reconciled=True)) == f"*{RECONCILED}*"
    assert reconciled(alert(is_reconciled=True, lacks_event=True)) == f"*{RECONCILED} {LACKS}*"
