"""The release that an alert comes from, noted wherever releases are known; nearly every alert adds nothing to that.

Every function works on the shelf of one transaction; the package's docstring names the keys.
"""

from __future__ import annotations

from functools import lru_cache
from math import inf

from booty.observability.alerts.occurrence import Occurrence
from booty.observability.alerts.release import commit_of, deployment_of
from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.ports.value import value_of
from booty.observability.ledger.engines.records import SIGHTING, Record, shaped
from booty.observability.ledger.problems.counting import is_new_release
from booty.observability.ledger.problems.seen_releases import RELEASES, see, sightings_in
from booty.observability.ledger.problems.sightings import DAY_SECONDS, sight, sighting_of
from booty.observability.ledger.releases.live import LINE, RENEW_SECONDS, key_of_line, note_live, row_of

NEVER = (inf, -inf)


def reads_of_release(alert: Occurrence) -> tuple[str, ...]:
    """Return the keys that are asked for about the alert's release when it is accepted."""
    return (sighting_of(alert.release), key_of_line(alert), RELEASES) if alert.release else ()


def see_release(  # noqa: PLR0913 - as `claim`
    shelf: Shelf, record: Record, alert: Occurrence, *, now: float, keep_seconds: float, is_accepted: bool
) -> None:
    """Note a release that is new to the problem: what comes next is compared with it, filed or not."""
    is_new_to_it = is_new_release(record, alert.release)
    if not alert.release or not (is_new_to_it or is_accepted) or _is_noted(shelf, alert, alert.release, now):
        return
    since = record.get("releases", {}).get(alert.release, now)
    sight(shelf, alert.release, since=since, now=now, keep_seconds=keep_seconds)
    note_live(shelf, alert, now=now, keep_seconds=keep_seconds)
    commit = commit_of(alert.release)
    if commit is not None and is_new_to_it:
        see(shelf, commit, deployment=deployment_of(alert), now=now)


def _is_noted(shelf: Shelf, alert: Occurrence, release: str, now: float) -> bool:
    """Return whether the records have all that the alert says of its release, unless it says it of another time."""
    since, until = _noted(*map(shelf.stored, reads_of_release(alert)), release, deployment_of(alert))
    return since <= now < until and not alert.is_reconciled


@lru_cache(maxsize=16)
def _noted(sighting: bytes, line: bytes, releases: bytes, release: str, deployment: str) -> tuple[float, float]:
    """Return from when to when (unix seconds) nothing is to be added to what is stored of the release."""
    last = shaped(value_of(sighting), SIGHTING).get("last", -inf)
    commit = commit_of(release)
    if commit is None:
        return last, last + DAY_SECONDS
    row, seen = row_of(shaped(value_of(line), LINE), commit), sightings_in(value_of(releases))
    if row is None or (deployment, commit) not in {each[:2] for each in seen}:
        return NEVER
    _, live_since, live_until = row
    return max(last, live_since, live_until), min(last + DAY_SECONDS, live_until + RENEW_SECONDS)
