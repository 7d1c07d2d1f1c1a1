"""The environment of what should serve, built anew by the droplet itself: nobody may be there to deploy."""

from __future__ import annotations

from booty_release import fates, lock, records, venvs
from booty_release.layout import Layout
from booty_release.outcome import ExitCode, Stopped
from booty_release.progress import say
from booty_release.request import Request


def heal(layout: Layout) -> int:
    """Let what is current, else the verified release that went live last, have a sound environment.

    Returns DONE if it has another one now; FAILED if it needs none or can have none: then nothing starts that did not.
    """
    sha = layout.current() or next((record.sha for record in records.verified(layout)), None)
    request = Request(verb="heal", sha=sha, actor="the droplet itself")
    try:
        if sha is None or venvs.is_sound(layout, layout.release(sha)):
            say(f"there is nothing to heal in the environment of {sha}")
            return ExitCode.FAILED
        with lock.held(layout, request, now=fates.now()):
            return ExitCode.DONE if venvs.prepare(layout, layout.release(sha)) else ExitCode.FAILED
    except (OSError, Stopped) as error:
        say(f"cannot heal: {error}")
    return ExitCode.FAILED
