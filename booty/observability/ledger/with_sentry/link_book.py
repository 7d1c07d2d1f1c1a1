"""The links that Sentry is owed: which issue a problem has, for as long as it is tried to show it there.

Keys: `link/<fingerprint>` is one that is owed, in place of an earlier one of the same problem; `links` says who does
them, until when they rest.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from itertools import islice

from booty.observability.alerts.issue import IssueRef
from booty.observability.ledger.engines.engine import Engine, Shelf
from booty.observability.ledger.engines.records import HISTORY, SECONDS, Record, Shape, shaped
from booty.observability.ledger.journal.outcomes import note_outcome
from booty.observability.ledger.repositories.names import plain
from booty.observability.ledger.schedule.gate import is_ahead

KEY, LINKS = "link/", "links"
LINK: Shape = {"issue": int, "url": str, "sentry_issue": str, "since": SECONDS, "due": SECONDS, "tries": int}
DESK: Shape = {"lease": str, "held_until": SECONDS, "rests_until": SECONDS, "denied_at": SECONDS}
DAY_SECONDS = 24 * 3600.0
LEASE_SECONDS = 60.0
"""Longer than the call."""
LONGEST_REST_SECONDS = 3600.0
MOST_LOOKED_AT = 1_000
SENTRY_ISSUE = re.compile(r"(?:(?!metric:)[^:]+|issue):(\d{1,20})")


@dataclass(frozen=True, slots=True)
class OwedLink:
    """A link that is owed: the problem, Sentry's number of it, the issue; `tries` failed. Under a lease."""

    fingerprint: str
    sentry_issue: str
    issue: IssueRef
    tries: int
    lease: str


def owe_link(shelf: Shelf, fingerprint: str, issue: IssueRef, *, now: float) -> None:
    """Owe the link to a problem's issue, unless it has another one by now, or is not an issue of Sentry's."""
    record = shaped(shelf.get(f"alert/{fingerprint}"), HISTORY)
    names = (SENTRY_ISSUE.fullmatch(plain(str(name))) for name in (fingerprint, *record.get("aliases", ())))
    number = next((found[1] for found in names if found), None)
    if number is not None and record.get("issue") == issue.number:
        link = {"issue": issue.number, "url": issue.url, "sentry_issue": number}
        shelf[f"{KEY}{fingerprint}"] = link | {"since": now, "due": now, "tries": 0}


class LinkBook:
    """The links that are owed; times are unix seconds. Every method raises `NotStored`."""

    def __init__(self, engine: Engine) -> None:
        """Use `engine`; nothing is opened yet."""
        self._engine = engine

    def take(self, *, now: float) -> OwedLink | None:
        """Take one that is due, None when there is none, or another worker does them; what is a day old is dropped."""
        return self._engine.transact(lambda shelf: _take(shelf, now))

    def settle(self, link: OwedLink, *, now: float) -> None:
        """Record that Sentry shows it."""

        def work(shelf: Shelf) -> None:
            _let_go(shelf, link)
            if _is_same(shelf, link):
                del shelf[f"{KEY}{link.fingerprint}"]
                note_outcome(shelf, link.fingerprint, "linked", now=now, issue=link.issue.number)

        self._engine.transact(work)

    def postpone(self, link: OwedLink, *, due: float, rests_until: float | None = None) -> None:
        """Try it again, not before `due`, and no other one before `rests_until`."""

        def work(shelf: Shelf) -> None:
            _let_go(shelf, link, rests_until=rests_until)
            if _is_same(shelf, link):
                record = shaped(shelf.get(f"{KEY}{link.fingerprint}"), LINK)
                shelf[f"{KEY}{link.fingerprint}"] = record | {"due": due, "tries": link.tries + 1}

        self._engine.transact(work)

    def is_first_denial(self, *, now: float) -> bool:
        """Note that Sentry denied it; return whether it did not within the last day, in whatever worker."""

        def work(shelf: Shelf) -> bool:
            desk = shaped(shelf.get(LINKS), DESK)
            is_first = not 0 <= now - desk.get("denied_at", -DAY_SECONDS) < DAY_SECONDS
            if is_first:
                shelf[LINKS] = desk | {"denied_at": now}
            return is_first

        return self._engine.transact(work)


def _take(shelf: Shelf, now: float) -> OwedLink | None:
    desk = shaped(shelf.get(LINKS), DESK)
    is_resting = is_ahead(desk.get("rests_until", 0.0), now, within=LONGEST_REST_SECONDS)
    if is_resting or is_ahead(desk.get("held_until", 0.0), now, within=LEASE_SECONDS):
        return None
    for key in list(islice(shelf.under(KEY), MOST_LOOKED_AT)):
        record = shaped(shelf.get(key), LINK)
        if LINK.keys() > record.keys() or not 0 <= now - record["since"] < DAY_SECONDS:
            shelf.pop(key)
        elif not is_ahead(record["due"], now, within=LONGEST_REST_SECONDS):
            lease = uuid.uuid4().hex
            shelf[LINKS] = desk | {"lease": lease, "held_until": now + LEASE_SECONDS}
            return _link_in(key, record, lease)
    return None


def _link_in(key: str, record: Record, lease: str) -> OwedLink:
    issue = IssueRef(record["issue"], record["url"])
    return OwedLink(key.removeprefix(KEY), record["sentry_issue"], issue, record["tries"], lease)


def _is_same(shelf: Shelf, link: OwedLink) -> bool:
    """Return whether this very link is owed: a new issue of the problem may have taken its place."""
    return shaped(shelf.get(f"{KEY}{link.fingerprint}"), LINK).get("issue") == link.issue.number


def _let_go(shelf: Shelf, link: OwedLink, *, rests_until: float | None = None) -> None:
    desk = shaped(shelf.get(LINKS), DESK)
    if desk.get("lease") == link.lease:
        kept = {name: value for name, value in desk.items() if name == "denied_at"}
        shelf[LINKS] = kept | ({} if rests_until is None else {"rests_until": rests_until})
