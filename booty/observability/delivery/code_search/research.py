"""The search for an alert's code context, within a strict time limit.

It is best effort: an issue is filed with what is known after `PATIENCE_SECONDS`, even if that is nothing. The calls
run in a thread of their own, because no timeout of a client holds in every case (a name that does not resolve,
headers that trickle). What comes later is kept for the next alert of the same release. After a failure nothing is
asked for `QUIET_SECONDS`; what is known by then is still used.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from threading import Thread
from typing import Any, TypeVar

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.release import commit_of
from booty.observability.delivery.code_search.deadline import Inquiry
from booty.observability.delivery.code_search.search import Search
from booty.observability.issues.code.code_context import CodeContext
from booty.observability.issues.outcomes import Postponed, Refused, Unknown
from booty.observability.ledger.engines.engine import NotStored

T = TypeVar("T")

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 2.0
QUIET_SECONDS = 300.0
REMEDY = "give GITHUB_TOKEN, or the App, 'contents: read', or set OBSV_PERMALINKS=0 and OBSV_SUSPECTS=0"


class Research:
    """Implements `code_context.CodeContextSource`; one in every courier, for one thread."""

    def __init__(self, search: Search, *, patience: float = PATIENCE_SECONDS) -> None:
        """Wait for `search` for at most `patience` seconds in all; nothing runs yet."""
        self._search = search
        self._patience = patience
        self._asking: Inquiry[Any] | None = None
        self._failed_at: float | None = None

    def gather(self, alert: Alert, *, began_at: float | None = None, now: float) -> CodeContext | None:
        """See `CodeContextSource.gather`; `now` in unix seconds."""
        commit = commit_of(alert.release)
        if commit is None:
            return None
        inquiry = Inquiry[CodeContext | None](None, now, may_ask=self._may_ask(now))
        return self._ask(inquiry, lambda: self._search.run(inquiry, alert, commit, began_at=began_at))

    def ask_again(self) -> None:
        """See `CodeContextSource.ask_again`."""
        self._failed_at = None

    def trusted(self, commits: Collection[str], *, now: float) -> frozenset[str]:
        """See `CodeContextSource.trusted`; `now` in unix seconds."""
        if not commits:
            return frozenset()
        inquiry = Inquiry[frozenset[str]](frozenset(), now, may_ask=self._may_ask(now))
        return self._ask(inquiry, lambda: self._search.trust(inquiry, commits))

    def _ask(self, inquiry: Inquiry[T], search: Callable[[], None]) -> T:
        """Return what `search` has found for `deadline` when it ends, or when the patience does."""
        if not inquiry.may_ask:
            self._run(inquiry, search)
        elif not self._begin(inquiry, search) or not inquiry.is_over.wait(self._patience):
            inquiry.is_late = True
            if not inquiry.is_enough:
                self._failed_at = inquiry.now
                log.warning("provenance_late", extra={"seconds": self._patience})
        return inquiry.found

    def _may_ask(self, now: float) -> bool:
        is_quiet = self._failed_at is not None and 0 <= now - self._failed_at < QUIET_SECONDS
        return not is_quiet and (self._asking is None or self._asking.is_over.is_set())

    def _begin(self, inquiry: Inquiry[Any], search: Callable[[], None]) -> bool:
        thread = Thread(target=self._run, args=(inquiry, search), name="research", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the system gives no more threads
            return False
        self._asking = inquiry
        return True

    def _run(self, inquiry: Inquiry[Any], search: Callable[[], None]) -> None:
        try:
            search()
        except Refused as refusal:
            log.warning("provenance_refused", extra={"reason": str(refusal), "remedy": REMEDY})
        except (Postponed, Unknown, NotStored) as failure:
            self._failed_at = inquiry.now
            log.warning("provenance_failed", extra={"reason": str(failure)})
        except Exception:  # the outermost of a thread, and best effort: a bug in it must not cost the alert
            self._failed_at = inquiry.now
            log.exception("provenance_failed")
        finally:
            inquiry.is_over.set()
