"""Which problem an operator means, who has a link, a number or an id of it in hand.

Every function works on the shelf of one transaction, and reads only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import HISTORY, shaped
from booty.observability.ledger.journal.entries import Line
from booty.observability.ledger.journal.lines import short
from booty.observability.ledger.journal.reading import all_lines
from booty.observability.ledger.problems.aliases import METRIC, SHORT
from booty.observability.ledger.problems.event_ids import digits_of, holds, in_book, key_of
from booty.observability.ledger.repositories.names import AT, as_named, issue_key, mark_of, plain

LONGEST = 2_000
"""Characters that are looked at."""
NUMBER = re.compile(r"\d{1,20}", re.ASCII)
GITHUB = "://github.com/"
GITHUB_NUMBER = re.compile(r"([\w.-]+/[\w.-]+)?#(\d{1,9})", re.ASCII)
GITHUB_PAGE = re.compile(r"/([\w.-]+/[\w.-]+)/issues/\d", re.ASCII)
ISSUE_PAGE = re.compile(r"/issues/(\d{1,20})(?=/|$)")
EVENT_PAGE = re.compile(r"/events/([0-9a-f-]{32,36})(?=/|$)", re.IGNORECASE)
RULE_PAGE = re.compile(r"/(?:details|alerts|rules|monitors)/(\d{1,20})(?=/|$)")
DASHED_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
SHORT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*-[0-9A-Za-z]+", re.ASCII)
EVENT_ID = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)


def find(shelf: Shelf, asked: str) -> str | None:
    """Return the fingerprint of the problem that is `asked` for; None when nothing here has that name.

    It is a fingerprint, with `@acme/shop` after it or not, the link of a page in Sentry or on GitHub, a short id, an
    event's id, `#12`, `acme/shop#12`, or a bare number. Of several repositories' the home's is first.
    """
    asked = asked.strip()[:LONGEST].encode(errors="replace").decode()  # no ledger takes what a shell may have let in
    asked = as_named(asked)
    search = _links if asked.startswith(("https://", "http://")) else _names
    return next(search(shelf, asked), None) if asked else None


def _links(shelf: Shelf, asked: str) -> Iterator[str]:
    """Yield the fingerprints that a link may mean, the likeliest first."""
    page = re.split(r"[?#]", asked, maxsplit=1)[0].rstrip("/")
    path = "/" + page.partition("://")[2].partition("/")[2]
    number = ""
    if found := ISSUE_PAGE.search(path):
        repository = of[1] if (of := GITHUB_PAGE.match(path)) else None
        fingerprint = next(_of_number(shelf, found[1], repository), "")
        url = str(shaped(shelf.get(f"alert/{fingerprint}"), HISTORY).get("url")).rstrip("/").lower()
        server = page.lower().removesuffix(path.lower()) + "/"
        if url.startswith(server):  # of another repository: that may be the name which ours has by now
            yield fingerprint
        elif not server.endswith(GITHUB):
            number = found[1]
            yield from _aliased(shelf, f"issue:{number}")
    event = _id(found[1]) if (found := EVENT_PAGE.search(path)) else ""
    lines = _lines(shelf, page, number and f":{number}", event)
    yield from _of_sentrys_issue(shelf, number, lines)
    if rule := RULE_PAGE.search(path):
        yield from _names(shelf, f"{METRIC}{rule[1]}")
    yield from _of_event(shelf, event, lines)
    yield from (line.fingerprint for line in lines if str(line.sentry_url).rstrip("/") == page)


def _names(shelf: Shelf, asked: str) -> Iterator[str]:
    """Yield the fingerprints that a name may mean, the likeliest first."""
    elsewhere = (key.removeprefix("alert/") for key in shelf.under(f"alert/{asked}{AT}"))
    yield from _kept(shelf, asked, *elsewhere)
    for name in (asked, f"{SHORT}{asked.upper()}"):
        yield from _aliased(shelf, name)
    if number := GITHUB_NUMBER.fullmatch(asked):
        yield from _of_number(shelf, number[2], number[1])
        return
    lines = _lines(shelf, asked, asked.upper(), _id(asked))
    yield from (line.fingerprint for line in lines if asked in {line.fingerprint, plain(line.fingerprint)})
    if SHORT_ID.fullmatch(asked):
        yield from (line.fingerprint for line in lines if line.short_id == asked.upper())
    if NUMBER.fullmatch(asked):
        yield from _aliased(shelf, f"issue:{asked}")
        yield from _of_sentrys_issue(shelf, asked, lines)
        yield from _of_number(shelf, asked, None)
    yield from _of_event(shelf, _id(asked), lines)


def _of_sentrys_issue(shelf: Shelf, number: str, lines: list[Line]) -> Iterator[str]:
    """Yield the problems of an issue of Sentry's, none without a number: a link does not say its project."""
    if number:
        end = f":{number}"
        yield from (line.fingerprint for line in lines if plain(line.fingerprint).endswith(end))
        likely = (key for key in shelf.under("alert/") if end in key)
        yield from (key.removeprefix("alert/") for key in likely if plain(key).endswith(end))


def _of_number(shelf: Shelf, number: str, repository: str | None) -> Iterator[str]:
    """Yield the problem whose issue has that number, in a repository, or in any where none is named.

    A repository that nothing is known of may be the home by another name.
    """
    mark = mark_of(repository) if repository else ""
    if mark and next(shelf.under(issue_key(mark, "")), None) is not None:
        yield from _kept(shelf, shelf.get(issue_key(mark, int(number))))
        return
    yield from _kept(shelf, shelf.get(issue_key("", int(number))))
    if not mark:
        others = (key for key in shelf.under(f"issue{AT}") if key.endswith(f"/{int(number)}"))
        yield from _kept(shelf, *(shelf.get(key) for key in list(others)))


def _aliased(shelf: Shelf, name: str) -> Iterator[str]:
    """Yield the problems that go by that name as well, the home's first."""
    keys = (f"alias/{name}", *shelf.under(f"alias/{name}{AT}"))
    yield from _kept(shelf, *(shelf.get(key) for key in keys))


def _of_event(shelf: Shelf, event: str, lines: list[Line]) -> Iterator[str]:
    """Yield the problems that an event with this id was of, none without an id."""
    if event:
        name = short(event)
        yield from (line.fingerprint for line in lines if line.event == event or name in line.events)
        end = key_of("", event).removeprefix("events/")  # of the key of any problem's book that it can be in
        keys = [key for key in shelf.under("events/") if key.endswith(end)]
        for key, book in shelf.many(keys, having=(in_book(digits_of(event)),)).items():
            if holds(book, digits_of(event)):
                yield from _kept(shelf, key.removeprefix("events/").removesuffix(end))


def _id(asked: str) -> str:
    """Return an event's id as an alert brings it: without dashes, in small letters."""
    event = asked.replace("-", "") if DASHED_ID.fullmatch(asked) else asked
    return event.lower() if EVENT_ID.fullmatch(event) else event


def _lines(shelf: Shelf, *texts: str) -> list[Line]:
    """Return the lines of the journal that hold one of the texts, or the short name of an event with that id."""
    known = tuple(filter(None, texts))
    return all_lines(shelf, having=(*known, *map(short, known)))


def _kept(shelf: Shelf, *fingerprints: object) -> Iterator[str]:
    """Yield those fingerprints that the ledger has a history of."""
    yield from (each for each in fingerprints if isinstance(each, str) and f"alert/{each}" in shelf)
