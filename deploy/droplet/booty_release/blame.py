"""Whose fault it is that a release does not answer well: its own, unless the droplet may explain it."""

from __future__ import annotations

from pathlib import Path

from booty_release import health
from booty_release.layout import Layout
from booty_release.outcome import FIX_IT, ExitCode, Stopped

_ASKED = 8  # questions: of two releases on one socket, each answers some


def unwell(layout: Layout, sha: str, path: Path, cause: str) -> Stopped:
    """Return how it ends with release `sha`, which runs at the socket `path` but does not answer well."""
    return Stopped(ExitCode.FAILED, cause, FIX_IT, is_misbehaviour=_is_its_own(layout, sha, path))


def _is_its_own(layout: Layout, sha: str, path: Path) -> bool:
    """Return whether the release is to blame.

    Not if the disk is full, if it says itself that it cannot store anything, or if what serves is unwell too.
    """
    if layout.is_full() or any(answer.is_excuse_of(sha) for answer in (health.ask(path) for _ in range(_ASKED))):
        return False
    other = layout.current()
    return other in {None, sha} or health.is_steady(layout.live, str(other), answers=1, within=1.0)
