"""Whether a problem whose issue was closed has stayed away for long enough, as far as the ledger tells.

Time counts only as far as it was watched: the step from one look to the next, but no more than two of the usual ones.
So neither a clock that was set nor a time in which the service was away counts as quiet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import HISTORY, SECONDS, Record, Shape, shaped
from booty.observability.ledger.problems.seen_releases import trusted_in
from booty.observability.ledger.problems.standing import standing_in
from booty.observability.ledger.releases.live import MOST_PLACES, LiveRelease, line_in, project_of
from booty.observability.ledger.repositories.names import mark_in

DAY_SECONDS = 24 * 3600.0
LONGEST_STEP_SECONDS, SHORTEST_STEP_SECONDS = 3600.0, 15.0
SAME_SECONDS = 120.0
"""How far the tracker's time of a closing may be from ours, where we closed it."""
SET_BACK_SECONDS = 60.0
"""A clock that goes back further than that makes all begin anew."""
WATCHED: Shape = {
    "issue": int,
    "closed_at": SECONDS,
    "looked_at": SECONDS,
    "quiet_since": SECONDS,
    "watched": SECONDS,
    "next": str,
    "lease": str,
    "attempted_at": SECONDS,
    "looks": int,
}
"""A closing that may be verified: how long it was quiet (`watched`), the last look; who writes, since when."""
State = Literal["ended", "waiting", "unproven", "ready"]


@dataclass(frozen=True, slots=True)
class View:
    """What a look shows; `record` is what to keep of it, `releases` those that came after the closing, by place.

    `ended`: the issue is not closed as it was; `unproven`: none of those releases is known to be the repository's own.
    """

    state: State
    record: Record
    releases: tuple[LiveRelease, ...] = ()


def step_of(verify_seconds: float) -> float:
    """Return how long between two looks."""
    return min(max(verify_seconds / 4, SHORTEST_STEP_SECONDS), LONGEST_STEP_SECONDS)


def view(shelf: Shelf, name: str, record: Record, *, now: float, verify_seconds: float) -> View:
    """Look at the closing in `record` of the problem of that name."""
    history = shaped(shelf.get(f"alert/{name}"), HISTORY)
    standing, closed_at = standing_in(history), record["closed_at"]
    is_same = is_same_closing(closed_at, standing.closed_at) and history.get("issue") == record["issue"]
    if not is_same or standing.is_muted:
        return View("ended", record)
    later = _later(shelf, name, history, closed_at)
    proven = trusted_in(shelf, mark_in(name))
    known = [tuple(each for each in line if each.is_own or each.commit in proven) for line in later]
    is_out = bool(known) and all(known)
    looked = _looked(record, history, is_out=is_out, now=now, step=step_of(verify_seconds))
    if not is_out:
        return View("unproven" if later else "waiting", looked, tuple(line[-1] for line in later))
    releases = tuple(line[-1] for line in known)
    is_live = all(now - each.last_seen <= DAY_SECONDS for each in releases)
    is_over = looked["watched"] >= verify_seconds and now - closed_at >= verify_seconds and not _is_unsettled(history)
    return View("ready" if is_live and is_over else "waiting", looked, releases)


def is_same_closing(one: float | None, other: float | None) -> bool:
    """Return whether both are the time of one closing (unix seconds), None that there is none."""
    return one is not None and other is not None and abs(one - other) <= SAME_SECONDS


def _is_unsettled(history: Record) -> bool:
    """Return whether something waits to be shown in the issue that may open it."""
    return history.get("state") == "owed" or "resolved_at" in history or "waiting" in history


def _later(shelf: Shelf, name: str, history: Record, closed_at: float) -> list[tuple[LiveRelease, ...]]:
    """Return the releases after the closing for each place in which the problem was seen; none if one place has none.

    A place that is forgotten is one where nothing was heard of for long.
    """
    places = history.get("places", ())
    if not places or "" in places or len(places) >= MOST_PLACES:
        return []
    lines = [line for place in places if (line := line_in(shelf, project_of(name), place))]
    later = [tuple(each for each in line if each.first_seen > closed_at) for line in lines]
    return later if all(later) else []


def _looked(record: Record, history: Record, *, is_out: bool, now: float, step: float) -> Record:
    """Return the record after this look."""
    before = record.get("looked_at", now)
    last_seen, quiet_since = history.get("last_seen", 0.0), record.get("quiet_since", record["closed_at"])
    is_anew = not is_out or last_seen > quiet_since or now < before - SET_BACK_SECONDS
    watched = 0.0 if is_anew else record.get("watched", 0.0) + min(max(now - before, 0.0), 2 * step)
    return record | {"looked_at": now, "watched": watched, "quiet_since": max(last_seen, quiet_since)}
