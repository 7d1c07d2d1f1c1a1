"""What a start says in the log."""

from __future__ import annotations

import logging

from booty.observability.config import Settings

log = logging.getLogger(__name__)

CANDIDATE = "unset it, unless a deploy is proving this release: alerts are answered and stored, but no issue is filed"


def tell_start(settings: Settings) -> None:
    """Log what starts, and what of its settings is odd."""
    log.info(
        "started",
        extra={
            "repository": settings.repository,
            "mode": mode_of(settings),
            "threshold": settings.min_severity.value,
            **{f"threshold_{kind}": severity.value for kind, severity in settings.min_severity_of.items()},
            "cooldown_hours": settings.cooldown_hours,
            "release": settings.sentry_release,
        },
    )
    for unknown in settings.unknown_names:
        log.warning("setting_unknown", extra={"setting": unknown.name, "nearest": unknown.nearest})
    if settings.candidate:
        log.warning("files_nothing", extra={"reason": "BOOTY_CANDIDATE is set", "remedy": CANDIDATE})


def mode_of(settings: Settings) -> str:
    """Return what becomes of alerts: issues on GitHub, files, or nothing."""
    if settings.candidate:
        return "candidate"
    return "preview" if settings.preview else "live"
