"""The labels that the service puts on issues, or that people do."""

from __future__ import annotations

from booty.observability.alerts.handover.terms import TRIAGE
from booty.observability.alerts.issue import MUTE, TEST, VERIFIED
from booty.observability.alerts.severity import Severity
from booty.observability.issues.life.edits import REGRESSION
from booty.observability.issues.page.pipe import LABEL as PIPE

COLOURS = {"fatal": "b60205", "error": "d93f0b", "warning": "fbca04", "info": "0e8a16", "debug": "c5def5"}
VERIFYING = {VERIFIED: "0e8a16"}
"""Not to be missed either where closings are verified."""
OPTIONAL = {TEST: "ededed", PIPE: "ededed"}
"""Made with the others, but not missed."""


def wanted_labels(trigger_label: str, *, has_triage: bool = False) -> dict[str, str]:
    """Return the labels of which none may be missing, each with the colour in which it is made (six hex digits).

    `has_triage`: an issue may have to wait for a person.
    """
    severities = {f"severity:{each}": COLOURS[each] for each in Severity}
    triage = {TRIAGE: "fef2c0"} if has_triage else {}
    return {trigger_label: "5319e7", **triage, **severities, MUTE: "d4c5f9", REGRESSION: "e99695"}
