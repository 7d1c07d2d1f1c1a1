"""How many wrong passwords a caller may try: ten in a minute, in each process."""

from __future__ import annotations

import logging
from ipaddress import IPv6Address, ip_address
from threading import Lock

log = logging.getLogger(__name__)

MOST, SECONDS = 10, 60.0
MOST_CALLERS = 1_000
"""Whoever comes beyond them shares one count, so that neither memory nor tries grow with the number of addresses."""


REMEDY = "if it was not you: the log of nginx, or what else is in front, names the address"


class Tries:
    """The wrong tries of one process's callers; times are seconds of any clock that runs steadily."""

    def __init__(self) -> None:
        """Know nobody."""
        self._lock = Lock()
        self._wrong: dict[str, tuple[int, float]] = {}

    def check(self, caller: str, *, is_right: bool, now: float) -> float:
        """Count a wrong try; return the seconds to wait before any is looked at: 0 while some are left."""
        with self._lock:
            name, times, since = self._known(caller, now)
            if times >= MOST:
                return since + SECONDS - now
            if not is_right:
                self._wrong[name] = (times + 1, since)
                if times + 1 == MOST:
                    log.warning("page_tries_spent", extra={"tries": MOST, "remedy": REMEDY})
            return 0.0

    def _known(self, caller: str, now: float) -> tuple[str, int, float]:
        """Return under which name the caller is counted, how often it was wrong, since when."""
        name = network(caller)
        if name not in self._wrong and len(self._wrong) >= MOST_CALLERS:
            self._wrong = {
                each: (times, since) for each, (times, since) in self._wrong.items() if now - since < SECONDS
            }
            name = name if len(self._wrong) < MOST_CALLERS else ""
        times, since = self._wrong.get(name, (0, now))
        return (name, times, since) if now - since < SECONDS else (name, 0, now)


def network(address: str) -> str:
    """Return whom an address belongs to: a /64 of IPv6 is one caller's; empty for what is not an address."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped) if found.ipv4_mapped else found.exploded[:19]
