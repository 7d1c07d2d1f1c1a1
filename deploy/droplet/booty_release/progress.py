"""What the person at the other end sees while it happens; the same lines go to the system log.

The other end may be gone (a cut ssh): writing to it never fails the deploy.
"""

from __future__ import annotations

import contextlib
import sys
import syslog
import threading
import time
from collections.abc import Iterator

from booty_release.outcome import Stopped

_FIRST_SIGN, _NEXT_SIGNS = 2.0, 10.0  # seconds after which a step says that it goes on


def say(line: str) -> None:
    """Tell the caller one line, or several."""
    syslog.syslog(line)
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


@contextlib.contextmanager
def step(name: str, *, limit: float | None = None, first_sign: float = _FIRST_SIGN) -> Iterator[None]:
    """Announce `name` and its `limit`, that it goes on, then how long it took or that it failed; all in seconds."""
    begun, over, has_failed = time.monotonic(), threading.Event(), True
    say(f"... {name} (at most {limit:g} s)" if limit else f"... {name}")
    ticker = threading.Thread(target=_tick, args=(name, begun, over, first_sign), daemon=True)
    ticker.start()
    try:
        yield
        has_failed = False
    finally:
        over.set()
        ticker.join()
        say(f"{'FAIL' if has_failed else ' ok '} {name} ({time.monotonic() - begun:.1f} s)")


def _tick(name: str, begun: float, over: threading.Event, pause: float) -> None:
    while not over.wait(pause):
        say(f"    {name}: {time.monotonic() - begun:.0f} s so far")
        pause = _NEXT_SIGNS


def conclude(stopped: Stopped, *, serving: str) -> None:
    """Say why it stopped, what serves now, what to do next."""
    say(f"cause:   {stopped.cause}")
    say(f"serving: {serving}")
    say(f"next:    {stopped.advice}")
