"""Putting labels on an issue so that one that is refused does not cost the others."""

from __future__ import annotations

import logging
from collections.abc import Callable

from booty.observability.issues.outcomes import LabelRefused

log = logging.getLogger(__name__)


def put_on(labels: tuple[str, ...], write: Callable[[tuple[str, ...]], None], *, issue: int) -> None:
    """Put all `labels` on by one `write`, each alone if that is refused; what is refused is logged."""
    labels = tuple(dict.fromkeys(labels))
    try:
        if labels:
            write(labels)
    except LabelRefused as refusal:
        _tell_refused(labels, refusal, issue=issue)
        for label in labels if len(labels) > 1 else ():
            put_on((label,), write, issue=issue)


def _tell_refused(labels: tuple[str, ...], refusal: LabelRefused, *, issue: int) -> None:
    log.error("labels_refused", extra={"issue": issue, "labels": labels, "reason": str(refusal)})
