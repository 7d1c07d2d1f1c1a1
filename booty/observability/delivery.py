"""The second loop: owed alerts become issues, or are told to the issue that they have.

Guarantee: every alert that was accepted becomes an issue exactly once, or is kept as a dead letter with the tracker's
reason, under these faults: kill -9 of any process at any moment; several workers, or two releases, at once; answers
that are late, lost or nonsense; 5xx, rate limits and outages of any length; a full disk.

How: that a post begins is on disk before it begins (`ledger.lease`). When its outcome is not known, nothing is posted
before its marker was looked for twice, spaced so that a list that lags by less than `SECOND_LOOK_SECONDS` has caught
up; one of the two spaces holds even when the clock is set forward. A holder that was held up does not post, since
another may have its work by then. What remains: a tracker whose list hides a new issue for longer than that, or that
acts on a call a minute late, gets a second one.

This is the only retry policy; the tracker's clients try once.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Event, Lock, Thread

from booty.observability.follow_up import Keeper, NotSeen, follow_up
from booty.observability.issue_body import Draft, render
from booty.observability.ledger import Ledger
from booty.observability.life import Issue, Rules, Step, begin, compared, heed, recur
from booty.observability.provenance import ProvenanceSource
from booty.observability.sentry_pages import SentryPages
from booty.observability.store import NotStored
from booty.observability.tracker import Filing, Postponed, Refused, Tracker, Unknown
from booty.observability.work import Attempt, Owed, OwedNews, Pause, Rest, Work

log = logging.getLogger(__name__)

FIRST_LOOK_SECONDS = 15.0
"""Counted from the beginning of the post, which itself may take as long as its timeouts."""
SECOND_LOOK_SECONDS = 60.0
PROMPT_SECONDS = 8.0
"""How long after its lease a post may begin: with the call itself it is less than a lease."""
CLOCK_SKEW_SECONDS = 24 * 3600.0
"""How far our clock may be ahead of the tracker's, as one in a wrong time zone is; beyond it TLS tends to fail."""
LONGEST_BACKOFF_SECONDS = 30.0
LIMIT_BACKOFF_SECONDS = 60.0
"""What GitHub asks for when it limits the rate without saying until when, doubled with every repetition
(https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api)."""
LONGEST_PAUSE_SECONDS = 6 * 3600.0
IDLE_SECONDS = 30.0
"""How long to rest when nothing is known to be due: another worker may have died with work in hand."""
GLANCE_SECONDS = 1.0
"""How long to rest at most while the way to the tracker is closed; it may open earlier than it said."""
FORGET_SECONDS = 60.0
"""How long between two looks for histories to forget."""
LEDGER_TROUBLE_SECONDS = 5.0
STOP_SECONDS = 15.0
"""How long a stop waits for the call in flight; what is left then counts as unknown."""


@dataclass(frozen=True, slots=True)
class Following:
    """How issues are followed after their birth: through `keeper`, by `rules`."""

    keeper: Keeper
    rules: Rules


class Courier:
    """A thread that delivers, one in every worker process; leases in the ledger keep them apart."""

    def __init__(  # noqa: PLR0913 - the ports of the loop, most of them optional, by their names
        self,
        ledger: Ledger,
        tracker: Tracker,
        *,
        trigger_label: str,
        following: Following | None = None,
        provenance: ProvenanceSource | None = None,
        sentry: SentryPages | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Prepare; nothing runs before `wake`, so that this may be done before a fork.

        Without `following`, an alert that comes after the cooldown always makes a new issue. `provenance` is asked
        before a post, and which commits a comment may compare; its answer is a nicety. `sentry` says which addresses of
        Sentry are linked.
        """
        self._ledger = ledger
        self._tracker = tracker
        self._trigger_label = trigger_label
        self._following = following
        self._provenance = provenance
        self._sentry = sentry
        self._clock = clock
        self._starting = Lock()
        self._thread: Thread | None = None
        self._forgot_at = 0.0
        self._stopping = Event()
        self._called = Event()

    def wake(self) -> None:
        """Deliver what is due now; the first call in a process starts the thread."""
        with self._starting:
            if self._thread is None and not self._stopping.is_set():
                self._thread = Thread(target=self._run, name="courier", daemon=True)
                self._thread.start()
        self._called.set()

    def stop(self) -> None:
        """Finish the call in flight, but for at most `STOP_SECONDS`; take no more work."""
        self._stopping.set()
        self._called.set()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)
            with suppress(NotStored):
                self._ledger.tidy()

    def step(self) -> Rest | None:
        """Do the one piece of work that is due, if any; return how long to rest when none is. Raises `NotStored`."""
        leased_at = self._clock()
        owed = self._ledger.lease(now=leased_at)
        if isinstance(owed, Rest):
            return owed
        try:
            self._deliver(owed, leased_at)
        except NotStored:
            raise
        except Exception as error:  # an alert that trips a bug of ours must not hold up the ones behind it
            log.exception("delivery_failed", extra={"fingerprint": owed.key})
            reason = f"this service failed on it: {type(error).__name__}"
            self._ledger.refuse(owed, reason, attempt=owed.attempt or Attempt(self._clock()), now=self._clock())
        return None

    def _run(self) -> None:
        while True:
            self._called.clear()
            if self._stopping.is_set():  # asked after `clear`, which may have taken the call of `stop` away
                return
            try:
                rest = self.step()
                if rest is not None:
                    self._forget()
                    self._wait(rest)
            except NotStored:
                self._called.wait(LEDGER_TROUBLE_SECONDS)
            except Exception:  # the outermost loop of the thread: without it, a bug would end all deliveries
                log.exception("courier_failed")
                self._called.wait(LEDGER_TROUBLE_SECONDS)

    def _forget(self) -> None:
        now = self._clock()
        if not 0 <= now - self._forgot_at < FORGET_SECONDS:
            self._forgot_at = now
            self._ledger.forget(now=now)

    def _wait(self, rest: Rest) -> None:
        """Wait for work; while the way is closed a new alert is no reason to look again, and a storm brings many."""
        seconds = IDLE_SECONDS if rest.until is None else max(rest.until - self._clock(), 0.0)
        if rest.is_closed:
            self._stopping.wait(min(seconds, GLANCE_SECONDS))
        else:
            self._called.wait(min(seconds, IDLE_SECONDS))

    def _deliver(self, owed: Work, leased_at: float) -> None:
        issue, following = owed.life.issue, self._following
        is_done = issue is not None and following is not None and self._follow(owed, issue, following)
        if is_done:
            return
        if isinstance(owed, OwedNews):
            self._ledger.settle(owed, None, now=self._clock())
        else:
            self._file(owed, leased_at)

    def _file(self, owed: Owed, leased_at: float) -> None:
        provenance = None
        if owed.attempt is None and self._provenance is not None:
            provenance = self._provenance.gather(owed.alert, now=self._clock())
        draft = render(owed.alert, trigger_label=self._trigger_label, provenance=provenance, sentry=self._sentry)
        if self._following is not None:
            draft = begin(draft, owed.life)
        if owed.attempt is not None:
            self._look(owed, draft, owed.attempt)
        elif self._clock() - leased_at > PROMPT_SECONDS:
            self._ledger.postpone(owed, due_at=leased_at, attempt=None, now=self._clock())
        else:
            self._post(owed, draft)

    def _follow(self, owed: Work, issue: int, following: Following) -> bool:
        """Do what the alert or the news mean for `issue`; return False when a new one is to be made instead.

        Whatever fails, a comment may have been written before: from then on it is looked for first.
        """
        began_at = self._clock()
        attempt = owed.attempt or Attempt(began_at)
        event = owed.news.key if isinstance(owed, OwedNews) else owed.alert.event
        since = owed.attempt.began_at - CLOCK_SKEW_SECONDS if owed.attempt else None
        try:
            is_followed = follow_up(
                following.keeper, issue, self._decision(owed, following.rules), event=event, doubtful_since=since
            )
        except NotSeen:
            self._look_again(owed, attempt)
        except Refused as refusal:
            self._refuse(owed, refusal, attempt=attempt)
        except Postponed as delay:
            self._postpone(owed, delay, due_at=began_at, attempt=attempt)
        except Unknown as doubt:
            self._postpone(owed, doubt, due_at=attempt.began_at + FIRST_LOOK_SECONDS, attempt=attempt)
        else:
            if not is_followed:
                return False
            self._ledger.settle(owed, None, now=self._clock())
            log.info("issue_followed", extra={"fingerprint": owed.key, "issue": issue})
        return True

    def _decision(self, owed: Work, rules: Rules) -> Callable[[Issue], Step]:
        if isinstance(owed, OwedNews):
            return lambda issue: heed(owed.news, issue)
        if self._provenance is not None:
            trusted = self._provenance.trusted(compared(owed.alert, owed.life), now=self._clock())
            rules = replace(rules, trusted=trusted)
        return lambda issue: recur(owed.alert, owed.life, issue, rules, now=self._clock())

    def _post(self, owed: Owed, draft: Draft) -> None:
        began_at = self._clock()
        try:
            filing = self._tracker.create(draft)
        except Refused as refusal:
            self._refuse(owed, refusal, attempt=None)
        except Postponed as delay:
            self._postpone(owed, delay, due_at=began_at, attempt=None)
        except Unknown as doubt:
            self._postpone(owed, doubt, due_at=began_at + FIRST_LOOK_SECONDS, attempt=Attempt(began_at))
        else:
            self._settle(owed, filing)

    def _look(self, owed: Owed, draft: Draft, attempt: Attempt) -> None:
        """Look for the issue of a post of unknown outcome."""
        now = self._clock()
        try:
            filing = self._tracker.find(draft, since=attempt.began_at - CLOCK_SKEW_SECONDS)
        except Refused as refusal:
            self._refuse(owed, refusal, attempt=attempt)
        except (Postponed, Unknown) as delay:
            self._postpone(owed, delay, due_at=now, attempt=attempt)
        else:
            if filing is not None:
                self._settle(owed, filing)
            else:
                self._look_again(owed, attempt)

    def _look_again(self, owed: Work, attempt: Attempt) -> None:
        """After the first look in vain wait for the second; after that one the post counts as never made."""
        now = self._clock()
        if attempt.looks == 0:
            again_at = now + SECOND_LOOK_SECONDS - FIRST_LOOK_SECONDS
            self._ledger.postpone(owed, due_at=again_at, attempt=Attempt(attempt.began_at, 1), now=now)
        else:
            self._ledger.postpone(owed, due_at=now, attempt=None, now=now)

    def _settle(self, owed: Owed, filing: Filing) -> None:
        self._ledger.settle(owed, filing, now=self._clock())
        log.info(
            "issue_filed",
            extra={"fingerprint": owed.alert.fingerprint, "issue": filing.number, "url": filing.url},
        )

    def _refuse(self, owed: Work, refusal: Refused, *, attempt: Attempt | None) -> None:
        self._ledger.refuse(owed, str(refusal), attempt=attempt, now=self._clock())
        log.error(
            "delivery_refused",
            extra={
                "fingerprint": owed.key,
                "reason": str(refusal),
                "remedy": "mend the cause, then: python -m booty retry --all",
            },
        )

    def _postpone(self, owed: Work, delay: Postponed | Unknown, *, due_at: float, attempt: Attempt | None) -> None:
        now = self._clock()
        pause = Pause(now + backoff(delay, failures=owed.failures), str(delay))
        self._ledger.postpone(owed, due_at=due_at, attempt=attempt, pause=pause, now=now)
        log.warning(
            "delivery_postponed",
            extra={
                "fingerprint": owed.key,
                "reason": str(delay),
                "is_outcome_known": attempt is None,
                "pause_seconds": round(pause.until - now, 1),
            },
        )


def backoff(delay: Postponed | Unknown, *, failures: int) -> float:
    """Return for how many seconds nobody calls the tracker, after `failures` earlier failures in a row."""
    doublings: int = 2 ** min(failures, 10)
    own = min(float(doublings), LONGEST_BACKOFF_SECONDS)
    if isinstance(delay, Postponed) and delay.pause_seconds is not None:
        return min(max(delay.pause_seconds, own), LONGEST_PAUSE_SECONDS)  # by a wrong clock a reset may lie in the past
    if isinstance(delay, Postponed) and delay.is_limit:
        return min(LIMIT_BACKOFF_SECONDS * doublings, LONGEST_PAUSE_SECONDS)
    return own
