"""What is wrong with the pipe, in words that name no repository, token or title: strangers may read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from booty.observability.ledger.schedule.hold_up import HoldUp
from booty.observability.ledger.watch.vitals import Vitals
from booty.observability.text.moments import iso

OLD_SECONDS = 15 * 60.0
"""How long a job may be owed before a person should know."""
STILL_SECONDS = 120.0
"""How long no courier may move; each moves every half a minute, and between two calls of 20 s."""
DAY_SECONDS = 24 * 3600.0
WEEK_SECONDS = 7 * DAY_SECONDS
SOON_SECONDS = 14 * DAY_SECONDS
WELL = "alerts are stored and delivered"
HELD_UP: dict[HoldUp, str] = {
    "stopped": "deliveries are stopped, since GitHub refuses everything: booty status says why",
    "paused": "deliveries wait, since GitHub limits the rate or did not answer: they go on by themselves",
    "late": "nobody delivers what is due: booty status says since when",
    "failing": "the last call to GitHub failed: it is tried again",
}

Kind = Literal["stopped", "late", "old", "refused", "courier", "ledger", "token_ends", "token_ends_soon", "silence"]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that a person should know of."""

    kind: Kind
    words: str

    @property
    def is_grave(self) -> bool:
        """Alerts are not delivered, or soon will not be."""
        return self.kind != "token_ends_soon"

    @property
    def is_for_an_issue(self) -> bool:
        """GitHub may still take an issue about it, and nothing else would tell."""
        return self.kind in {"token_ends", "token_ends_soon", "silence"}


@dataclass(frozen=True, slots=True)
class Watched:
    """What the watch knows beside the vitals; times are unix seconds, None where nothing is known.

    `heard_at`: when Sentry sent something last; `moved_at`: when a courier moved last; `expires_at`: when the token
    ends; `is_refused`: GitHub refused everything when it was asked last.
    """

    vitals: Vitals
    heard_at: float
    moved_at: float
    expires_at: float | None
    is_refused: bool


def troubles(watched: Watched, *, silence_seconds: float, now: float) -> tuple[Trouble, ...]:
    """Return what is wrong; `silence_seconds` is after how long without a webhook that is, 0 for never."""
    return tuple(_troubles(watched, silence_seconds, now))


def detail(vitals: Vitals, now: float) -> str:
    """Return how the pipe is, for a person who asks from outside."""
    held_up = [HELD_UP[vitals.hold_up]] if vitals.hold_up else []
    return "; ".join([*_of_spool(vitals), *held_up, *(each.words for each in _of_jobs(vitals, now))]) or WELL


def _of_spool(vitals: Vitals) -> Iterator[str]:
    spool = vitals.spool
    if spool is not None and spool.is_away:
        yield "the ledger's database is away: alerts wait on this machine's disk until it is back"
    if spool is not None and spool.count:
        yield f"{spool.count} wait there" + (f" since {iso(spool.since)}" if spool.since else "")


def _troubles(watched: Watched, silence_seconds: float, now: float) -> Iterator[Trouble]:
    if watched.is_refused or watched.vitals.hold_up == "stopped":
        yield Trouble("stopped", HELD_UP["stopped"])
    if watched.vitals.hold_up == "late":
        yield Trouble("late", HELD_UP["late"])
    yield from _of_jobs(watched.vitals, now)
    if now - watched.moved_at > STILL_SECONDS:
        yield Trouble("courier", f"no courier has moved since {iso(watched.moved_at)}: restart the service")
    if watched.expires_at is not None and watched.expires_at - now < SOON_SECONDS:
        is_near = watched.expires_at - now < WEEK_SECONDS
        yield Trouble("token_ends" if is_near else "token_ends_soon", _ending(watched.expires_at, now))
    if silence_seconds and now - watched.heard_at > silence_seconds:
        yield Trouble("silence", f"Sentry has sent nothing since {iso(watched.heard_at)}")


def _of_jobs(vitals: Vitals, now: float) -> Iterator[Trouble]:
    if vitals.oldest_at is not None and now - vitals.oldest_at > OLD_SECONDS:
        yield Trouble("old", f"an alert has waited since {iso(vitals.oldest_at)}: booty status says what for")
    if vitals.is_freshly_refused:
        yield Trouble("refused", "GitHub refused an alert: booty status says why")


def _ending(expires_at: float, now: float) -> str:
    is_over = expires_at <= now
    return f"the token for GitHub {'ended' if is_over else 'ends'} on {iso(expires_at)}: replace it"
