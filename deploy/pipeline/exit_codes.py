"""How a program of the pipeline ends."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit code of a step; docs/approving.md lists them.

    `plan`, `approval`, `record` and `gate` end with `DONE` or `FAILED`, `sentry_release` with `DONE`, all of
    them with `USAGE` for a wrong option, `INTERRUPTED` for a cancelled run. `ship` ends as ./deploy.sh did, or with
    `FAILED` when the public address disagrees.
    """

    DONE = 0
    FAILED = 1
    """Nothing was changed, or the old release is serving again."""
    ROLLBACK_FAILED = 2
    UNSEEN = 3
    """Deployed, but the public address cannot be seen from here."""
    USAGE = 64
    BAD_UPLOAD = 65
    MISSING = 66
    LOCKED = 75
    REFUSED = 77
    INTERRUPTED = 130
    """128 + SIGINT."""
    TERMINATED = 143
    """128 + SIGTERM."""
    UNREACHABLE = 255
    """What ssh itself ends with."""
