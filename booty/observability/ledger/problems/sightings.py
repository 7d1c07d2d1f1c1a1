"""When each release was seen first, of whatever problem: what was out before a closing cannot hold the fix.

It shares the ledger's engine: `release/<hash>` holds the first and the last sighting, `expire/<ms>/release/<hash>` when
to look whether it has had its use. The times are those of arrival: a sender could set its own clock back, and so keep
a regression silent.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from itertools import islice

from booty.observability.ledger.engines.engine import Shelf, sortable
from booty.observability.ledger.engines.records import SIGHTING, shaped

DAY_SECONDS = 24 * 3600.0
EXPIRE = "expire/"


def first_seen(shelf: Shelf, release: str) -> float | None:
    """Return when `release` was seen first (unix seconds), None when it never was."""
    seen: float | None = shaped(shelf.get(sighting_of(release)), SIGHTING).get("first")
    return seen


def sight(shelf: Shelf, release: str, *, since: float, now: float, keep_seconds: float) -> None:
    """Note that `release` was seen, as far as is known `since` then (unix seconds).

    It is kept for `keep_seconds` after its last sighting, give or take a day.
    """
    key = sighting_of(release)
    seen = shaped(shelf.get(key), SIGHTING)
    if 0 <= now - seen.get("last", now - 2 * DAY_SECONDS) < DAY_SECONDS:
        return
    shelf[key] = {"first": min(seen.get("first", since), now), "last": now}
    if not seen:
        expire_after(shelf, key, now + keep_seconds)


def forget_sightings(shelf: Shelf, *, now: float, keep_seconds: float, most: int) -> int:
    """Forget at most `most` releases that were not seen for long; return how many keys were looked at."""
    due = list(islice(shelf.under(EXPIRE, until=sortable(now)), most))
    for each in due:
        del shelf[each]
        key = each.split("/", 2)[2]
        until = shaped(shelf.get(key), SIGHTING).get("last", 0.0) + keep_seconds + DAY_SECONDS
        if until > now:
            shelf[f"{EXPIRE}{sortable(until)}/{key}"] = 1
        else:
            shelf.pop(key, None)
    return len(due)


def digest(release: str) -> str:
    """Return a short name for a release of any length and letters."""
    return sha256(release.encode(errors="replace")).hexdigest()[:20]


def expire_after(shelf: Shelf, key: str, at: float) -> None:
    """Have the record with the fields `first` and `last` forgotten a day after `at`, unless it was seen since."""
    shelf[f"{EXPIRE}{sortable(at + DAY_SECONDS)}/{key}"] = 1


@lru_cache(maxsize=64)
def sighting_of(release: str) -> str:
    """Return the key under which the release's sighting is kept."""
    return f"release/{digest(release)}"
