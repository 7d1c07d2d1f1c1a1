"""What is known of a repository's storm: one record, `storm` with the repository's mark.

`creates` are when new problems were filed of late, `last_at` when one was put into the digest last (unix seconds);
`digest` names the digest, `total` counts its problems. Of its issue: its number is `issue`, `attempted_at` when the
post began whose outcome is unknown, `looks` how often it was looked for in vain, `next_at` when it is written to next,
`shown_at` when it was last,
`trouble` why it was refused, where that needs a person,
`is_over` that it says the storm is over, `is_dismissed` that a person closed it, `is_missing` that it was not there.
"""

from __future__ import annotations

from collections.abc import Iterator

from booty.observability.alerts.storm.limit import StormLimit
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import HISTORY, SECONDS, Record, Shape, shaped
from booty.observability.ledger.repositories.names import mark_in, repository_in

KEY = "storm"
PERIOD_SECONDS = 60.0
STATE: Shape = {
    "creates": list,
    "last_at": SECONDS,
    "digest": str,
    "total": int,
    "issue": int,
    "shown": str,
    "attempted_at": SECONDS,
    "looks": int,
    "next_at": SECONDS,
    "shown_at": SECONDS,
    "is_over": bool,
    "is_dismissed": bool,
    "is_missing": bool,
    "lease": str,
    "trouble": str,
}


def key_for(name: str) -> str:
    """Return the key of the storm in the repository that a name, or another key, belongs to."""
    return f"{KEY}{mark_in(name)}"


def state_in(shelf: Shelf, key: str) -> Record:
    """Return the record; empty when there never was a storm."""
    return shaped(shelf.get(key), STATE)


def lately(state: Record, limit: StormLimit, now: float) -> list[float]:
    """Return when new problems were filed within the time of the limit; at most as many as it allows."""
    times = [at for at in state.get("creates", []) if isinstance(at, int | float)]
    return [at for at in times if 0 <= now - at < limit.seconds][-limit.most :]


def next_turn(state: Record, now: float) -> float:
    """Return when the issue may be written to: a minute after it was last."""
    shown_at: float = state.get("shown_at", 0.0)
    return max(now, shown_at + PERIOD_SECONDS)


def is_quiet(state: Record, limit: StormLimit, now: float) -> bool:
    """Return whether no problem was put into the digest for as long as the limit says."""
    return not 0 <= now - state.get("last_at", 0.0) < limit.seconds


def digest_of(shelf: Shelf, name: str) -> int | None:
    """Return the issue that the problem shares, 0 while that is yet to be made; None where it has one of its own."""
    history = shaped(shelf.get(f"alert/{name}"), HISTORY)
    if history.get("state") not in {"digest", "owed"} or "issue" in history:
        return None
    state = state_in(shelf, key_for(name))
    is_in_it = str(history.get("row")).partition("/")[0] == state.get("digest")
    is_on_its_way = history["state"] == "owed" and state.get("is_over", False)
    return state.get("issue", 0) if is_in_it and not is_on_its_way else None


def open_digests(shelf: Shelf) -> Iterator[tuple[str | None, int, int]]:
    """Yield the digests of storms that go on: the repository where it is not the home, the issue, how many problems."""
    for key in shelf.under(KEY):
        state = state_in(shelf, key)
        if "digest" in state and not state.get("is_over"):
            yield repository_in(key), state.get("issue", 0), state.get("total", 0)


def troubles_in(shelf: Shelf) -> Iterator[str]:
    """Yield why issues of storms were refused, where a person has to put that right."""
    for key in shelf.under(KEY):
        if (trouble := state_in(shelf, key).get("trouble")) is not None:
            yield trouble
