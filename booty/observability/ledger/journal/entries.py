"""What the journal holds, as values.

They are made by msgspec from what is stored: a look at the whole journal makes 19,000.
"""

from __future__ import annotations

from typing import NamedTuple

from msgspec import Struct


class LineOutcome(Struct, frozen=True, gc=False):
    """What became of a decision, and when (unix seconds); the same again is counted, the last one was at `until`."""

    what: str
    at: float
    until: float | None = None
    times: int = 1
    reason: str | None = None
    issue: int | None = None


class Line(Struct, frozen=True, gc=False):
    """One decision, and when (unix seconds); `times` and `until` are those of a storm, which has one line.

    `since` is the claim from which it cooled down, `threshold` the level that it was below in its `category`, `because`
    what else it was decided for; `how` it came if no rule of Sentry's sent it, `change` is a status
    change's. `route` is the line of its route, if that was none of the settings', with the `min_severity` and
    `cooldown_hours` that it sets. `event` is the first event, `events` are short names of later ones.
    """

    at: float
    fingerprint: str
    verdict: str
    number: int = 0
    event: str | None = None
    times: int = 1
    until: float | None = None
    since: float | None = None
    because: str | None = None
    threshold: str | None = None
    category: str | None = None
    change: str | None = None
    actor: str | None = None
    severity: str | None = None
    project: str | None = None
    rule: str | None = None
    release: str | None = None
    title: str | None = None
    short_id: str | None = None
    how: str | None = None
    sentry_url: str | None = None
    route: int | None = None
    min_severity: str | None = None
    cooldown_hours: float | None = None
    events: tuple[str, ...] = ()
    became: tuple[LineOutcome, ...] = ()


class Refusals(NamedTuple):
    """How many requests were turned away for one reason in the minute that began at `at` (unix seconds)."""

    at: float
    reason: str
    times: int
