"""Assigning people, or the coding agent, to an issue that exists: the second call after the one that created it.

Guarantee: what is owed is done, under kill -9 at any moment and under answers that are lost; the agent is started once.
That holds because the issue is read first: whoever is on it need not be assigned. An issue that a person has closed,
or taken for somebody else, meanwhile stays as it is. GitHub leaves out in silence whom it does not allow; `assign` of
the tracker says so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from booty.observability.alerts.handover.terms import AGENT, TRIAGE, is_agent
from booty.observability.alerts.issue import Issue
from booty.observability.delivery.follow_up import NotOurs
from booty.observability.delivery.retry import MISSING_SECONDS, backoff
from booty.observability.issues.outcomes import Absent, Gone, Passing, Postponed, Refused, Unknown
from booty.observability.issues.tracker import Tracker
from booty.observability.ledger.handover.assignments import Assignment
from booty.observability.ledger.handover.door import HandoverDoor
from booty.observability.ledger.schedule.jobs import Pause

log = logging.getLogger(__name__)

MOST_MISSES = 5
"""How often an issue may not be there before it is believed."""
OWN_SECONDS, LONGEST_SECONDS = 15.0, 240.0
"""How long it waits after a failure, doubled each time; one that waits longer than five minutes counts as due."""


@dataclass(frozen=True, slots=True)
class Assigning:
    """Makes the assignments that are owed; `clock` gives unix seconds."""

    door: HandoverDoor
    tracker: Tracker
    clock: Callable[[], float]

    def make(self, held: Assignment) -> None:
        """Make an assignment that is leased, or have it made later. Raises `NotStored`."""
        try:
            self._make(held)
        except NotOurs:
            pass
        except (Refused, Postponed, Unknown) as failure:
            self._fail(held, failure)

    def _make(self, held: Assignment) -> None:
        issue = self.tracker.read(held.issue)
        if not isinstance(issue, Issue):
            raise Absent(f"the issue is {issue}")
        logins = _wanted(held, issue)
        if held.has_agent and AGENT not in logins and not any(map(is_agent, issue.assignees)):
            log.info("agent_not_assigned", extra={"issue": held.issue, "reason": "it is closed, or somebody's already"})
        if AGENT in logins and any(map(is_agent, issue.assignees)):
            held = self._take_off(held)
        people = tuple(login for login in logins if login != AGENT)  # GitHub takes ten at once
        for group in filter(None, (people, logins[len(people) :])):
            self._assign(held, group)
        self.door.end(held, now=self.clock())

    def _assign(self, held: Assignment, logins: tuple[str, ...]) -> None:
        self._renew(held)
        left_out = self.tracker.assign(held.issue, logins)
        if AGENT in left_out:
            self._mark(held)
        elif AGENT not in logins and held.has_agent:
            self.tracker.rest()

    def _take_off(self, held: Assignment) -> Assignment:
        """Take the agent off, which starts only when it is put on; noted, so that it is not started twice."""
        self._renew(held)
        self.tracker.unassign(held.issue, (AGENT,))
        self.tracker.rest()
        return replace(held, is_off=True)

    def _mark(self, held: Assignment) -> None:
        """Let a person see that no agent has it; best effort, since the log has said so."""
        self.tracker.rest()
        self._renew(held)
        with suppress(Refused):
            self.tracker.label(held.issue, (TRIAGE,))

    def _renew(self, held: Assignment) -> None:
        if not self.door.renew(held, now=self.clock()):
            raise NotOurs

    def _fail(self, held: Assignment, failure: Refused | Postponed | Unknown) -> None:
        """Have it made later, unless it concerns this issue alone: then nothing will help.

        However often it fails, alerts are delivered in between: it is never due as soon as the gate opens.
        """
        now, about = self.clock(), {"issue": held.issue, "reason": str(failure)}
        is_of_one = isinstance(failure, Refused) and (failure.remedy is None or isinstance(failure, Gone | Passing))
        if is_of_one and held.tries >= MOST_MISSES:
            log.error("assignment_refused", extra=about)
            self.door.end(held, now=now)
            return
        pause = None
        if isinstance(failure, Postponed):
            pause = Pause(now + backoff(failure, failures=held.failures), str(failure))
        own = MISSING_SECONDS if is_of_one else min(OWN_SECONDS * 2 ** min(held.tries, 10), LONGEST_SECONDS)
        due_at = (pause.until if pause else now) + own
        log.warning("assignment_postponed", extra=about | {"again_in_seconds": round(due_at - now, 1)})
        self.door.put_off(held, due_at=due_at, pause=pause, now=now)


def _wanted(held: Assignment, issue: Issue) -> tuple[str, ...]:
    """Return who is still to be assigned: nobody to an issue that is closed, or that people took for somebody else."""
    ours = {login.lower() for login in held.assignees}
    people = {login.lower() for login in issue.assignees if not is_agent(login)}
    has_agent = any(map(is_agent, issue.assignees))
    if not issue.is_open or issue.is_muted or not people <= ours:
        return ()
    is_to_start = held.has_agent and not (has_agent and (held.is_off or not held.is_again))
    missing = tuple(login for login in held.assignees if login.lower() not in people)
    return (*missing, *((AGENT,) if is_to_start else ()))
