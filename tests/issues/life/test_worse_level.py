"""Label and title follow a worse level."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.problems import ALERT, NOW, OPEN, PROBLEM, RULES, issue, recurring

from booty.observability.alerts.severity import Severity
from booty.observability.issues.edit import Edit
from booty.observability.issues.life.recurrence import on_recurrence
from booty.observability.issues.life.worse_level import fingerprint_of
from booty.observability.issues.page.headline import title

WORSE = replace(PROBLEM, worst=Severity.FATAL, told_severity=Severity.ERROR)
LABELLED = replace(OPEN, labels=("agent:builder", "severity:error"), title="[error] ValueError in shop/cart.py:42")


def test_a_worse_level_is_told_and_label_and_title_follow() -> None:
    step = recurring(issue(LABELLED), WORSE)

    assert step.comment == "Worse than before: fatal, was error."
    assert (step.edit.remove_labels, step.edit.add_labels) == (("severity:error",), ("severity:fatal",))
    assert step.edit.title == "[fatal] ValueError in shop/cart.py:42"


@pytest.mark.parametrize("own", ["mine", "[error] mine"])
def test_a_title_that_a_person_wrote_does_not_follow(own: str) -> None:
    known = replace(WORSE, title=fingerprint_of(LABELLED.title))
    step = recurring(replace(issue(LABELLED), title=own), known)

    assert (step.edit.title, step.edit.add_labels) == (None, ("severity:fatal",))


def test_a_title_that_a_lost_attempt_wrote_is_known_for_ours() -> None:
    known = replace(WORSE, title=fingerprint_of("[error] KeyError in a.py"))

    ours = replace(OPEN, title="[fatal] KeyError in a.py")
    assert on_recurrence(ALERT, known, ours, RULES, now=NOW).edit.title == ours.title
    assert on_recurrence(ALERT, known, replace(ours, title="[fatal] All is lost"), RULES, now=NOW).edit.title is None


def test_a_metrics_title_follows_in_sentrys_words() -> None:
    metric = ALERT.but(kind="metric", severity=Severity.FATAL, title="Critical: p95")
    known = replace(PROBLEM, worst=Severity.FATAL, told_severity=Severity.WARNING)
    step = on_recurrence(metric, known, replace(issue(OPEN), title="[warning] Warning: p95"), RULES, now=NOW)

    assert step.edit.title == title(metric)
    assert step.comment == "Worse than before: critical, was warning."


def test_a_level_that_is_not_worse_is_not_told() -> None:
    assert recurring(issue(LABELLED), replace(WORSE, worst=Severity.ERROR)).edit == Edit()
    assert recurring(issue(LABELLED), replace(WORSE, told_severity=None)).edit == Edit()
