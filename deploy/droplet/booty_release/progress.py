"""What the person at the other end sees while it happens; the same lines go to the system log.

The other end may be gone (a cut ssh): writing to it never fails the deploy.
"""

from __future__ import annotations

import contextlib
import sys
import syslog
import time
from collections.abc import Iterator

from booty_release.outcome import Stopped


def say(line: str) -> None:
    """Tell the caller one line, or several."""
    syslog.syslog(line)
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """Announce `name`, then how long it took (seconds) or that it failed."""
    begun = time.monotonic()
    say(f"... {name}")
    try:
        yield
    except BaseException:
        say(f"FAIL {name} ({time.monotonic() - begun:.1f} s)")
        raise
    say(f" ok  {name} ({time.monotonic() - begun:.1f} s)")


def conclude(stopped: Stopped, *, serving: str) -> None:
    """Say why it stopped, what serves now, what to do next."""
    say(f"cause:   {stopped.cause}")
    say(f"serving: {serving}")
    say(f"next:    {stopped.advice}")
