"""The issue of a test alert: seen on GitHub, looked at, closed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from booty.observability.alerts.issue import TEST, Issue
from booty.observability.github.client import GitHub
from booty.observability.github.issues import GitHubIssues
from booty.observability.github.setup.labels import RepositoryLabels
from booty.observability.issues.edit import Edit
from booty.observability.issues.outcomes import Gone, Postponed, Refused, Unknown
from booty.observability.ops.doctor.check import Check
from booty.observability.ops.doctor.github.wanted_labels import wanted_labels
from booty.observability.ops.test_alert.body import SampleAlert

EVERY_SECONDS = 0.5
SKEW_SECONDS = 3600.0
"""How far our clock may be ahead of GitHub's."""
FAILURES = (Refused, Postponed, Unknown)


@dataclass(frozen=True, slots=True)
class Arrival:
    """The issue's number with when it was seen (unix seconds), None where it was not; `reason` is why not."""

    number: int | None
    at: float
    reason: str = ""


class Repository:
    """Where the issue should arrive; `clock` gives unix seconds."""

    def __init__(self, github: GitHub, name: str, *, clock: Callable[[], float]) -> None:
        """Take the API; nothing is sent yet."""
        self._issues = GitHubIssues(github, repository=name)
        self._labels = RepositoryLabels(github, repository=name)
        self._clock = clock

    def wait(self, alert: SampleAlert, *, seconds: float) -> Arrival:
        """Look for the issue again and again, for so many seconds."""
        reason = f"not seen within {seconds:.0f} s"
        while True:
            try:
                found = self._issues.find(alert.draft, since=alert.at - SKEW_SECONDS)
            except Refused as refusal:
                return Arrival(None, self._clock(), str(refusal))
            except (Postponed, Unknown) as failure:
                found, reason = None, str(failure)
            if found is not None or self._clock() - alert.at > seconds:
                return Arrival(found.number if found else None, self._clock(), reason)
            time.sleep(EVERY_SECONDS)

    def missing_labels(self, number: int, trigger_label: str) -> tuple[tuple[str, ...], bool]:
        """Return which labels are missing, with whether GitHub left any out of the issue itself.

        Where it did, it would leave out the trigger label as well. Raises `Refused`, `Postponed`, `Unknown`.
        """
        issue = self._issues.read(number)
        dropped = (TEST,) if isinstance(issue, Issue) and not issue.has(TEST) else ()
        try:
            absent = self._labels.missing(wanted_labels(trigger_label))
        except Gone:
            absent = ()
        return tuple(dict.fromkeys((*((trigger_label,) if dropped else ()), *absent, *dropped))), bool(dropped)

    def close(self, number: int) -> Check | None:
        """Close the issue as not planned; return what is wrong where that fails."""
        try:
            self._issues.edit(number, Edit(state="not_planned"))
        except FAILURES as failure:
            return Check(
                "closing", "FAIL", f"#{number} is still open: {failure}", f"gh issue close {number} -r 'not planned'"
            )
        return None
