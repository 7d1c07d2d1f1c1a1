"""A title says how bad, what and where; never the message."""

from __future__ import annotations

import alerts
import pytest
from alerts import alert, frame

from booty.observability.alert import Alert, Frame, Raised, Severity
from booty.observability.issue_title import title

OWN = frame("shop/cart.py", 118, "checkout")


def test_names_severity_exception_and_place() -> None:
    raised = (Raised(type="ValueError", message="volatile 4711", frames=(OWN,)),)

    assert title(alert(raised=raised)) == "[error] ValueError in shop/cart.py:118"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (alerts.python_chained(), "[error] OrderMissing in shop/store.py:15"),
        (alerts.message_only(), "[warning] message event in shop.tasks in drain"),
        (alerts.native(), "[fatal] EXCEPTION_ACCESS_VIOLATION_READ in world::Player::move (engine.exe)"),
        (alerts.metric(), "[fatal] Critical: Too many 500s"),
        (alert(kind="metric", rule="Too many 500s"), "[error] Too many 500s"),
        (alert(kind="metric"), "[error] metric alert"),
        (alert(message="volatile", stack=(OWN,)), "[error] message event in shop/cart.py:118"),
        (alert(message="volatile", culprit="script-src"), "[error] message event in script-src"),
        (alert(message="volatile", detected="Monitor failure: nightly", culprit="missed"),
         "[error] Monitor failure: nightly in missed"),
        (alert(message="volatile"), "[error] message event in shop"),
        (alert(message="volatile", project=None), "[error] message event"),
        (alert(raised=(Raised(type="ValueError"),), culprit="shop.cart in checkout"),
         "[error] ValueError in shop.cart in checkout"),
        (alert(raised=(Raised(frames=(OWN,)),)), "[error] unnamed exception in shop/cart.py:118"),
        (alert(raised=(Raised(message="volatile"), Raised(type="KeyError")), project=None), "[error] KeyError"),
        (alert(raised=(Raised(type="SIGSEGV", frames=(Frame(package="/usr/lib/libc.so.6"),)),)),
         "[error] SIGSEGV in libc.so.6"),
        (alert(raised=(Raised(type="Crash", frames=(Frame(function="main"),)),)), "[error] Crash in main"),
        (alert(raised=(Raised(type="Crash", frames=(Frame(),)),)), "[error] Crash in shop"),
    ],
)  # fmt: skip
def test_makes_the_best_of_what_an_alert_has(given: Alert, expected: str) -> None:
    assert title(given) == expected


@pytest.mark.parametrize("severity", Severity)
def test_begins_with_the_severity(severity: Severity) -> None:
    assert title(alert(severity=severity, project=None)) == f"[{severity.value}] message event"


def test_stays_within_what_github_takes() -> None:
    long = alert(raised=(Raised(type="T" * 500, frames=(frame("p" * 500 + ".py", 10**9, "f"),)),))

    assert title(long) == f"[error] {'T' * 89}… in {'p' * 76}.py:1000000000"
    assert len(title(long)) <= 200
