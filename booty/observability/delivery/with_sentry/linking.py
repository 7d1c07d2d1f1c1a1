"""Issues that were filed or adopted are shown on their problems' pages in Sentry; best effort, for a day."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from booty.observability.ledger.repositories.names import repository_in
from booty.observability.ledger.with_sentry.installation import Installation
from booty.observability.ledger.with_sentry.link_book import LONGEST_REST_SECONDS, LinkBook, OwedLink
from booty.observability.sentry.api.client import Denied, SentryTrouble
from booty.observability.sentry.api.links import SentryLinks

log = logging.getLogger(__name__)

MOST = 20
"""Links of one round."""
FIRST_REST_SECONDS = 30.0
DENIED_SECONDS = 900.0
"""How long nothing is linked after Sentry denied it: until then somebody may have given the permission."""


@dataclass(frozen=True, slots=True)
class Linking:
    """Tells Sentry which issues there are; the book keeps workers from doing it at once. No issue waits for it."""

    book: LinkBook
    installation: Installation
    links: SentryLinks
    clock: Callable[[], float] = field(default=time.time)

    def cycle(self) -> None:
        """Link what is due. Raises `NotStored`."""
        name = self.installation.name()
        for _ in range(MOST if name else 0):
            link = self.book.take(now=self.clock())
            if link is None or not self._do(link, name or ""):
                return

    def _do(self, link: OwedLink, installation: str) -> bool:
        """Link one; return whether to go on with the next."""
        try:
            repository = repository_in(link.fingerprint)
            self.links.link(link.sentry_issue, link.issue, installation=installation, repository=repository)
        except SentryTrouble as trouble:
            return self._postpone(link, trouble)
        self.book.settle(link, now=self.clock())
        log.info("issue_linked", extra={"fingerprint": link.fingerprint, "issue": link.issue.number})
        return True

    def _postpone(self, link: OwedLink, trouble: SentryTrouble) -> bool:
        """Try it again later, the later the more often it failed; what concerns all lets all rest."""
        now = self.clock()
        rest = min(FIRST_REST_SECONDS * 2 ** min(link.tries, 10), LONGEST_REST_SECONDS)
        is_of_one = trouble.is_permanent and not isinstance(trouble, Denied)
        if isinstance(trouble, Denied):
            rest = DENIED_SECONDS
            if self.book.is_first_denial(now=now):
                log.error("link_denied", extra={"reason": str(trouble), "remedy": trouble.remedy})
        else:
            rest = min(max(rest, trouble.pause_seconds or 0.0), LONGEST_REST_SECONDS)
            about = {"fingerprint": link.fingerprint, "reason": str(trouble), "again_in_seconds": round(rest)}
            log.info("link_postponed", extra=about)
        self.book.postpone(link, due=now + rest, rests_until=None if is_of_one else now + rest)
        return is_of_one
