"""Writing to a digest's issue: it is looked for, made, or shown anew.

Guarantee: a digest has one issue, over any number of workers and kills: that its post begins is on disk before it, and
after one of unknown outcome the issue is looked for twice, a minute apart, before another is posted.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from hashlib import sha256

from booty.observability.alerts.issue import IssueRef
from booty.observability.alerts.storm.limit import StormLimit
from booty.observability.delivery.delivery import Delivery
from booty.observability.delivery.retry import CLOCK_SKEW_SECONDS, FIRST_LOOK_SECONDS, SECOND_LOOK_SECONDS, backoff
from booty.observability.issues.draft import Draft
from booty.observability.issues.edit import Edit
from booty.observability.issues.outcomes import LabelRefused, Postponed, Refused, Unknown
from booty.observability.issues.storm.page import FINGERPRINT, block, render, with_block
from booty.observability.ledger.engines.engine import NotStored
from booty.observability.ledger.engines.records import Record
from booty.observability.ledger.schedule.jobs import Idle, Pause
from booty.observability.ledger.storm.book import StormBook
from booty.observability.ledger.storm.turns import DigestTurn

log = logging.getLogger(__name__)

AGAIN_SECONDS, LONG_SECONDS = 60.0, 240.0
NOTHING_BEGUN: Record = {"attempted_at": None, "looks": None}


def earlier(one: Idle, other: Idle) -> Idle:
    """Return `one`, ending when `other` does if that is earlier."""
    moments = [each.until for each in (one, other) if each.until is not None]
    return replace(one, until=min(moments, default=None))


@dataclass(frozen=True, slots=True)
class Digests:
    """Those of all repositories; without a `book` there are none."""

    delivery: Delivery
    book: StormBook | None

    @property
    def limit(self) -> StormLimit | None:
        """What is beyond it shares a digest."""
        return self.book.limit if self.book else None

    def step(self) -> Idle | None:
        """Write to the one issue that is due, if any; return how long to rest when none is. Raises `NotStored`."""
        turn = self.book.take_turn(now=self.delivery.clock()) if self.book else None
        if self.book is None or not isinstance(turn, DigestTurn):
            return Idle(turn if isinstance(turn, float) else None)
        try:
            DigestIssue(self.delivery.at(turn.repository), self.book).write(turn)
        except NotStored:
            raise
        except Exception:  # a digest that trips a bug of ours must not hold up the deliveries
            log.exception("delivery_failed", extra={"fingerprint": FINGERPRINT})
            now = self.delivery.clock()
            self.book.end_turn(turn, {}, next_at=now + LONG_SECONDS, now=now)
        return None


@dataclass(frozen=True, slots=True)
class DigestIssue:
    """Keeps one true, in the repository that `delivery` is about."""

    delivery: Delivery
    book: StormBook

    def write(self, turn: DigestTurn) -> None:
        """Do what the turn is for. Raises `NotStored`."""
        draft, began_at = render(turn.digest, self.delivery.sentry), self.delivery.clock()
        learned: Record = {}
        next_at, pause = None, None
        try:
            learned, next_at = self._written(turn, draft, began_at)
            learned = {"trouble": None} | learned
        except (Postponed, Unknown, Refused) as failure:
            is_in_doubt = isinstance(failure, Unknown) or turn.attempt is not None
            learned = {} if is_in_doubt else NOTHING_BEGUN
            if isinstance(failure, Refused) and failure.remedy:
                learned = learned | {"trouble": f"{failure}; {failure.remedy}"}
            again = FIRST_LOOK_SECONDS if is_in_doubt and turn.issue is None else AGAIN_SECONDS
            next_at = began_at + again
            if not isinstance(failure, Refused):
                pause = Pause(self.delivery.clock() + backoff(failure, failures=turn.failures), str(failure))
            remedy = {"remedy": failure.remedy} if isinstance(failure, Refused) and failure.remedy else {}
            log.warning("digest_not_written", extra={"issue": turn.issue, "reason": str(failure), **remedy})
        self.book.end_turn(turn, learned, next_at=next_at, now=self.delivery.clock(), pause=pause)

    def _written(self, turn: DigestTurn, draft: Draft, began_at: float) -> tuple[Record, float | None]:
        if turn.issue is not None:
            return self._show(turn, turn.issue, draft)
        if turn.attempt is None:
            return self._found(turn, self._create(draft), draft), None
        found = self.delivery.tracker.find(draft, since=turn.attempt.began_at - CLOCK_SKEW_SECONDS)
        if found is not None:
            return {"issue": found.number, **NOTHING_BEGUN}, began_at
        if turn.attempt.looks == 0:
            return {"looks": 1}, began_at + SECOND_LOOK_SECONDS - FIRST_LOOK_SECONDS
        return NOTHING_BEGUN, began_at

    def _found(self, turn: DigestTurn, filing: IssueRef, draft: Draft) -> Record:
        log.warning("digest_filed", extra={"issue": filing.number, "url": filing.url, "problems": turn.digest.total})
        return {"issue": filing.number, "shown": _mark(draft), **NOTHING_BEGUN}

    def _create(self, draft: Draft) -> IssueRef:
        """Create the issue; a label that the tracker does not take must not cost it."""
        try:
            return self.delivery.tracker.create(draft)
        except LabelRefused as refusal:
            about = {"fingerprint": FINGERPRINT, "labels": draft.labels, "reason": str(refusal)}
            log.error("labels_refused", extra=about)  # noqa: TRY400 - no bug of ours
            self.delivery.tracker.rest()
            return self.delivery.tracker.create(replace(draft, labels=()))

    def _show(self, turn: DigestTurn, number: int, draft: Draft) -> tuple[Record, float | None]:
        if turn.shown == _mark(draft):
            return {"shown": turn.shown}, None
        issue = self.delivery.tracker.read(number)
        if isinstance(issue, str):
            is_gone = issue == "deleted" or turn.is_missing
            gone: Record = {"issue": None, "shown": None, "is_missing": None}
            return (gone, self.delivery.clock()) if is_gone else ({"is_missing": True}, self.delivery.clock() + 20.0)
        body = with_block(issue.body, block(turn.digest, self.delivery.sentry), draft.marker)
        self.delivery.tracker.edit(number, Edit(body=body))
        log.info("digest_changed", extra={"issue": number, "problems": turn.digest.total})
        return {"shown": _mark(draft), "is_missing": None, "is_dismissed": not issue.is_open}, None


def _mark(draft: Draft) -> str:
    return sha256(draft.body.encode()).hexdigest()[:16]
