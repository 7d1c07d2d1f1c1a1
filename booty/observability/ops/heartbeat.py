"""The heartbeat: a monitor elsewhere hears that the pipe is well, or else what is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import booty
from booty.observability.exchange import NoAnswer, fetch

if TYPE_CHECKING:
    from sentry_sdk.types import MonitorConfig

SECONDS = 10.0
"""How long the monitor may take to answer."""
MONITOR = "booty-pipe"
"""What Sentry calls it, under Crons; the first check-in makes it."""
SCHEDULE: MonitorConfig = {
    "schedule": {"type": "interval", "value": 5, "unit": "minute"},
    "checkin_margin": 5,
    "max_runtime": 5,
    "failure_issue_threshold": 1,
    "recovery_threshold": 1,
}


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Where to tell: an address in the form of healthchecks.io, None for none; Sentry's cron monitors."""

    url: str | None
    is_checking_in: bool

    def send(self, reasons: Sequence[str]) -> None:
        """Tell that all is well, or what is not. Raises `NoAnswer`, without the address."""
        if self.is_checking_in:
            from sentry_sdk.crons import capture_checkin  # noqa: PLC0415 - only where there is a DSN

            capture_checkin(monitor_slug=MONITOR, status="error" if reasons else "ok", monitor_config=SCHEDULE)
        if self.url is not None:
            self._ping(self.url, "\n".join(reasons))

    def _ping(self, url: str, reason: str) -> None:
        headers = {"User-Agent": f"booty/{booty.__version__}"}
        if reason:
            answer = fetch("POST", failing(url), token="", seconds=SECONDS, headers=headers, data=reason.encode())
        else:
            answer = fetch("GET", url, token="", seconds=SECONDS, headers=headers)
        if answer.status // 100 != 2:  # noqa: PLR2004 - the class of a status is its first digit
            raise NoAnswer(f"it answered {answer.status}", is_sent=True)


def failing(url: str) -> str:
    """Return the address that is told of a failure (https://healthchecks.io/docs/http_api/)."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/fail"))
