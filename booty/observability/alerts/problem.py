"""A problem: what the ledger knows of all the alerts about one thing that is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from booty.observability.alerts.severity import Severity


@dataclass(frozen=True, slots=True)
class SentryCount:
    """What Sentry counted; `at` is the newest event that it knew of then (unix seconds)."""

    events: int
    users: int | None
    at: float | None


@dataclass(frozen=True, slots=True)
class Seen:
    """The first and the last event of a problem (unix seconds), None where Sentry does not say."""

    first: float | None = None
    last: float | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What the ledger knows of a problem.

    `count` is how many alerts came, first and last at `first_seen` and `last_seen` (unix seconds), `releases` when any
    problem was first seen in each of its releases (unix seconds), oldest first, `worst` the worst level; `told_*` is
    what the issue said when it was last written to, `title` a hash of its title then.

    Of the alert that it is to be told of: `happened_at`, `seen_before` is when the problem was seen before it, and
    `release_seen_at` when any problem was first seen in its release. `is_awaited`: it was waited for, to make an issue
    of it. `is_back`: it came after the problem was resolved in Sentry, which the issue may have been told since.
    `held` names the alert that was kept in mind by then, `protected` the pattern that protects where it crashes.
    """

    issue: int | None
    count: int
    first_seen: float
    last_seen: float
    releases: Mapping[str, float]
    told_count: int = 0
    told_releases: tuple[str, ...] = ()
    worst: Severity | None = None
    told_severity: Severity | None = None
    happened_at: float | None = None
    seen_before: float | None = None
    release_seen_at: float | None = None
    is_awaited: bool = False
    is_back: bool = False
    is_muted_by_sentry: bool = False
    title: str | None = None
    sentry: SentryCount | None = None
    held: str | None = None
    began_at: float | None = None
    """When Sentry saw it first, as far as Sentry told."""
    protected: str | None = None
