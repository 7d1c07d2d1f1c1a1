"""What of an alert is kept: every text of a record cleaned, without secrets and personal data, cut to its limit.

Nothing goes to disk but through here, so that a copy of the ledger, its write-ahead log included, gives nothing away.
The walk is over whatever texts a record holds: a new field is covered without being named here.

How much is looked at is bounded for the record as a whole, whoever wrote it, because Sentry waits for it. The room is
given out in the order in which a reader misses things; a text that finds none left is replaced by `LEFT_OUT`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from booty.observability.alerts import limits
from booty.observability.text.personal_data import mask
from booty.observability.text.redaction import redact, redact_value
from booty.observability.text.untrusted import TORN, clean

ROOM = 20_000
"""Characters that are looked at of one record; real alerts have a tenth of it."""
MOST_OF_ROOM = 6_000
"""How much of it one text may take; the end of one that takes more is left out."""
TEXT_COSTS, SIGN_COSTS = 24, 6
"""What a text, and each sign by which secrets are known in it, take beside its characters: about as much time."""
SIGNS = "=:&@"
SHORT, REMEMBERED = 160, 2_000
"""Characters of a text whose safe form is remembered, and how many are: half a megabyte or less."""
REMEMBERED_LINES = 200
"""How many calls' lines are remembered as well; they are a kilobyte each."""
LEFT_OUT = "[left out]"

PLAIN = frozenset(
    {"kind", "fingerprint", "aliases", "event", "severity", "change", "key", "at", "occurred_at", "last_seen"}
)
"""Not texts from outside: our own words, times, ids of a restricted alphabet."""
REQUEST_PATH = "request.path"
IDENTIFIERS = frozenset(
    {
        "project",
        "path",
        "absolute_path",
        "package",
        "module",
        "address",
        "release",
        "environment",
        "platform",
        "sentry_url",
    }
)
"""No personal data is looked for in these."""
PATHS = frozenset({"path", "absolute_path", "package"})
"""Of these the end is kept, which says most."""
LIMITS = {
    "message": limits.MESSAGE,
    "text": limits.CRUMB,
    "title": limits.TITLE,
    "detected": limits.TITLE,
    "details": limits.DETAIL,
    "locals": limits.LOCAL,
    "culprit": limits.TITLE,
    "release": limits.TITLE,
    "rule": limits.TITLE,
    "sentry_url": limits.MESSAGE,
    "before": limits.SOURCE,
    "source": limits.SOURCE,
    "after": limits.SOURCE,
    "path": limits.PATH,
    "absolute_path": limits.PATH,
    REQUEST_PATH: limits.PATH,
}
"""Bytes of a field, by its name; `limits.NAME` of any other."""
LONG = ("raised", "stack", "breadcrumbs", "tags")
"""Lists that can hold very much: what stands in them comes after all that stands beside them."""

Record = dict[str, Any]
Holder = Record | list[Any]


class _Text(NamedTuple):
    """One text of a record: where it stands, in which field, and in a pair the name that is known to be its."""

    holder: Any
    key: str | int
    field: str
    text: str
    name: str | None


def kept(record: Record, *, is_masked: bool = True) -> Record:
    """Return `record`, an alert's or a piece of news' as JSON, as it may be kept; it is changed in place.

    `is_masked`: without personal data.
    """
    room = ROOM
    for frame in _with_lines(record):
        room -= _redact_lines(frame)
    texts: Iterable[_Text] = _texts(record)
    if sum(_cost(each.text) for each in texts) <= room:  # then the order does not matter, and takes time
        for each in texts:
            each.holder[each.key] = _made(each, is_masked=is_masked)
        return record
    known: dict[tuple[str, str, str | None], str] = {}
    for each in _in_order(record):
        told = (each.text, each.field, each.name)
        if told not in known:
            known[told] = _made(each, is_masked=is_masked) if room > 0 else LEFT_OUT
            room -= min(_cost(each.text), MOST_OF_ROOM)
        each.holder[each.key] = known[told]
    return record


def _made(each: _Text, *, is_masked: bool) -> str:
    """Return the safe form of a text."""
    make = _remembered if len(each.text) <= SHORT else _safe
    return make(each.text, each.field, each.name, is_masked)


def _with_lines(record: Record) -> Iterator[Record]:
    """Yield the calls that bring the lines around them."""
    stacks = (record.get("stack", []), *(each.get("frames", []) for each in record.get("raised", [])))
    return (frame for frame in chain(*stacks) if _has_lines(frame))


def _redact_lines(frame: Record) -> int:
    """Redact a call's lines together, for a secret may begin on one and end on the next; return what that cost.

    Each stays a line. Lines that are too long for it are looked at one by one only, as all are afterwards.
    """
    before, source, after = frame.get("before", []), frame.get("source"), frame.get("after", [])
    lines = [clean(text).replace("\n", " ") for text in (*before, source or "", *after)]
    whole = "\n".join(lines)
    if (cost := _cost(whole)) > MOST_OF_ROOM:
        return 0
    safe = _redacted_together(whole)
    if safe != whole:
        told = _as_many(lines, safe.split("\n"))
        frame["before"], frame["after"] = told[: len(before)], told[len(before) + 1 :]
        frame["source"] = told[len(before)] or source
    return cost


_redacted_together = lru_cache(REMEMBERED_LINES)(redact)


def _as_many(lines: Sequence[str], told: list[str]) -> list[str]:
    """Return what became of `lines`, one text for each: where some became one, `[redacted]` takes their place."""
    pairs = zip(reversed(lines), reversed(told), strict=False)
    alike = next((at for at, pair in enumerate(pairs) if len(set(pair)) > 1), len(told))
    end = len(told) - alike
    return [*told[:end], *["[redacted]"] * (len(lines) - len(told)), *told[end:]]


def _cost(text: str) -> int:
    return len(text) + TEXT_COSTS + SIGN_COSTS * sum(map(text.count, SIGNS))


def _safe(text: str, field: str, name: str | None, is_masked: bool) -> str:  # noqa: FBT001 - as a key of a cache
    read = text
    while (cost := _cost(read)) > MOST_OF_ROOM:
        read = read[: len(read) * MOST_OF_ROOM // cost]
    readable = clean(read)
    safe = redact(readable) if name is None else redact_value(name, readable)
    if is_masked and field not in IDENTIFIERS:
        safe = mask(safe)
    if len(read) < len(text):
        safe = f"{safe[:-TORN]} {LEFT_OUT}"
    return _shortened(safe, text, field)


# The alerts of one program share most of their frames, and looking at these is most of the work.
_remembered = lru_cache(REMEMBERED)(_safe)


@lru_cache(REMEMBERED)
def identifier(text: str, field: str) -> str:
    """Return a name that is no personal data, such as a release, as `kept` leaves it in `field`."""
    return _shortened(redact(clean(text)), text, field)


def _shortened(safe: str, text: str, field: str) -> str:
    """Cut what became of `text`; where the reading of it stopped, half a secret may stand."""
    limit = LIMITS.get(field, limits.NAME)
    if field in PATHS:
        whole = safe[TORN:] if len(text) >= limits.MOST_OF_PATH else safe
        return whole.encode()[-limit:].decode(errors="ignore")
    whole = safe[:-TORN] if len(text) >= limit + limits.MARGIN else safe
    return whole.encode()[:limit].decode(errors="ignore")


def _in_order(record: Record) -> Iterator[_Text]:
    """Yield each text of a record once, what a reader misses most first."""
    raised: list[Record] = record.get("raised", [])
    calls = next((each["frames"] for each in raised if each.get("frames")), record.get("stack", []))
    own = sorted((each for each in reversed(calls) if each.get("in_app")), key=_has_lines, reverse=True)
    done: set[int] = set()
    heads = [_texts(each, without=("frames",)) for each in raised]
    yield from chain(*heads[:1])
    yield from _each(own or calls[-1:], done)
    yield from _texts(record, without=LONG)
    yield from chain(*heads[1:])
    yield from _each(reversed(calls), done)
    yield from _each(reversed(record.get("breadcrumbs", [])), done)
    for rest in (*(each.get("frames", []) for each in raised), record.get("stack", [])):
        yield from _each(rest, done)
    yield from _texts(record.get("tags", []), "tags")


def _each(holders: Iterable[Record], done: set[int]) -> Iterator[_Text]:
    """Yield the texts of those holders that are not done yet."""
    for holder in holders:
        if id(holder) not in done:
            done.add(id(holder))
            yield from _texts(holder)


def _has_lines(frame: Record) -> bool:
    return "before" in frame or "after" in frame


def _texts(holder: Holder, field: str = "", *, without: tuple[str, ...] = ()) -> list[_Text]:
    """Return all texts in `holder`, however deep; in a list of lists those of two texts are pairs."""
    texts: list[_Text] = []
    _gather(holder, field, texts, without=without)
    return texts


def _gather(
    holder: Holder, field: str, texts: list[_Text], *, without: tuple[str, ...] = (), is_item: bool = False
) -> None:
    is_list = isinstance(holder, list)
    items: list[tuple[Any, Any]] = list(enumerate(holder) if isinstance(holder, list) else holder.items())
    name = items[0][1] if is_item and is_list and len(items) == 2 else None  # noqa: PLR2004 - a name, a value
    for key, value in items:
        inner: str = field if is_list else REQUEST_PATH if key == "path" and field == "request" else key
        if inner in PLAIN or inner in without:
            continue
        if isinstance(value, str):
            is_named = key == 1 and isinstance(name, str)
            texts.append(_Text(holder, key, inner, value, name if is_named else None))
        elif isinstance(value, dict | list):
            _gather(value, inner, texts, is_item=is_list)
