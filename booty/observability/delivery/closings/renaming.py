"""A repository that got another name on GitHub: what the ledger knows of it goes on under the new one."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from booty.observability.github.client import GitHub
from booty.observability.github.repository_check import name_today
from booty.observability.issues.outcomes import Postponed, Unknown
from booty.observability.ledger.engines.engine import Engine
from booty.observability.ledger.repositories.home import Home

log = logging.getLogger(__name__)

AGAIN_SECONDS = 60.0


@dataclass(slots=True)
class Renaming:
    """Asks once, where the settings name another repository than the ledger began with, whether it is the same."""

    engine: Engine
    home: Home
    github: GitHub | None
    _is_known: bool = field(default=False, init=False)
    _next_at: float = field(default=0.0, init=False)

    def look(self, now: float) -> None:
        """Ask GitHub, unless that was done or failed a moment ago (`now` in unix seconds). Raises `NotStored`."""
        if self._is_known or self.github is None or 0 <= self._next_at - now <= AGAIN_SECONDS:
            return
        former = self.engine.transact(self.home.former)
        try:
            today = former and name_today(self.github, former)
        except (Postponed, Unknown):
            self._next_at = now + AGAIN_SECONDS
            return
        self._is_known = True
        if today and today.lower() == self.home.default.lower():
            self.engine.transact(self.home.rename)
            log.info("repository_renamed", extra={"before": former, "now": self.home.default})
