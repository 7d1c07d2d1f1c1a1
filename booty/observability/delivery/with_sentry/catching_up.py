"""When the service reads from Sentry what it missed: after it was away, or every 15 minutes."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from booty.observability.alerts.listed_problem import Report
from booty.observability.delivery.with_sentry.reconciliation import Reconciliation
from booty.observability.ledger.with_sentry.reading_book import CYCLE_SECONDS, ReadingBook, Window
from booty.observability.sentry.api.client import SentryTrouble
from booty.observability.text.moments import iso

log = logging.getLogger(__name__)

FIRST_REST_SECONDS = 30.0
"""After a call that failed; doubled with every other one, to one cycle at most."""
MOST_NAMED = 20
"""Problems that a log line names."""


class CatchingUp:
    """Reads what was missed; the book keeps workers from doing it twice."""

    def __init__(
        self,
        book: ReadingBook,
        reconciliation: Reconciliation,
        *,
        is_always: bool,
        on_claim: Callable[[], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Take the parts; `on_claim` is called when something may be owed; `is_always`: not only after an absence."""
        self._book = book
        self._reconciliation = reconciliation
        self._is_always = is_always
        self._on_claim = on_claim
        self._clock = clock
        self._failures = 0
        self._reason = ""

    def cycle(self) -> None:
        """Read what there is to read; nothing when it is not time for it. Raises `NotStored`."""
        window = self._book.begin(now=self._clock(), is_always=self._is_always)
        if window is None:
            return
        try:
            report = self._reconciliation.run(
                since=window.since,
                until=window.until,
                is_ours=lambda: self._book.renew(window, now=self._clock()),
            )
        except SentryTrouble as trouble:
            self._rest(window, trouble)
            return
        finally:
            self._on_claim()
        place = min(report.left[0].seen_at, window.until) if report.left else None
        self._book.end(window, place=place, now=self._clock())
        self._failures, self._reason = 0, ""
        _tell(window, report)

    def _rest(self, window: Window, trouble: SentryTrouble) -> None:
        """Ask again later, the later the more often it failed; log why, once."""
        own = CYCLE_SECONDS if trouble.is_permanent else FIRST_REST_SECONDS * 2**self._failures
        rest = min(max(own, trouble.pause_seconds or 0.0), CYCLE_SECONDS)
        self._book.postpone(window, until=self._clock() + rest)
        self._failures = min(self._failures + 1, 10)
        if str(trouble) != self._reason:
            self._reason = str(trouble)
            log.warning("reconcile_failed", extra={"reason": self._reason, "remedy": trouble.remedy})


def _tell(window: Window, report: Report) -> None:
    accepted = sum(1 for each in report.found if each.verdict is not None and each.verdict.is_accepted)
    about = {"since": iso(window.since), "until": iso(window.until), "found": len(report.found), "accepted": accepted}
    log.info("reconciled", extra=about)
    if report.left:
        named = [each.alert.fingerprint for each in report.left[:MOST_NAMED]]
        log.warning("reconcile_left", extra={"left": len(report.left), "fingerprints": named})
