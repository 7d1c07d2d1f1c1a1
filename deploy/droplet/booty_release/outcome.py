"""How a request ends when it does not end well: an exit code, the cause, what to do next."""

from __future__ import annotations

from enum import IntEnum

NO_SPACE = "No space left on device"  # tools say it in words of their own, or not at all
FIX_IT = (
    "read the cause above (./deploy.sh logs shows more). If the droplet is at fault (secrets, disk, Python), fix it"
    " there and run this again; else fix it on main and deploy that"
)
FREE_SPACE = "free disk space on the droplet, deploy again"


class ExitCode(IntEnum):
    """How a request ended, for machines: every exit code of the droplet's side; docs/deploying.md lists them."""

    DONE = 0
    FAILED = 1  # the old release serves
    ROLLBACK_FAILED = 2  # nothing is known to serve: page someone
    BAD_INPUT = 64  # the request itself (sysexits.h EX_USAGE)
    BAD_UPLOAD = 65  # the bytes that came with it (EX_DATAERR)
    NO_SUCH_RELEASE = 66  # what it names is not here (EX_NOINPUT)
    LOCKED = 75  # another deploy is running (EX_TEMPFAIL)
    REFUSED = 77  # it may not do this (EX_NOPERM)
    CANCELLED = 130  # somebody ended it (128 + SIGINT)


class Stopped(Exception):
    """The request goes no further; carries what the caller is told."""

    def __init__(self, code: ExitCode, cause: str, advice: str, *, is_misbehaviour: bool = False) -> None:
        """`is_misbehaviour`: the release itself was seen to do wrong, not the droplet."""
        super().__init__(cause)
        self.is_misbehaviour = is_misbehaviour
        self.code = code
        self.cause = cause
        self.advice = advice
