"""The walk over all texts of a record, in the order in which a reader misses them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from booty.observability.alerts.keeping.fields import LONG, PLAIN, REQUEST_PATH

Record = dict[str, Any]
Holder = Record | list[Any]
WITHOUT_LONG, WITHOUT_FRAMES = PLAIN.union(LONG), PLAIN | {"frames"}
Text = tuple[Any, str | int, str, str, str | None]
"""One text of a record: its holder, its place there, its field, itself; in a pair, the name that is known to be its.

A plain tuple: a record has a hundred texts, and Sentry waits.
"""


def in_order(record: Record) -> Iterator[Text]:
    """Yield each text of a record once, what a reader misses most first."""
    raised: list[Record] = record.get("raised", [])
    calls = next((each["frames"] for each in raised if each.get("frames")), record.get("stack", []))
    own = sorted((each for each in reversed(calls) if each.get("in_app")), key=has_lines, reverse=True)
    done: set[int] = set()
    heads = [texts_in(each, without=WITHOUT_FRAMES) for each in raised]
    yield from chain(*heads[:1])
    yield from _each(own or calls[-1:], done)
    yield from texts_in(record, without=WITHOUT_LONG)
    yield from chain(*heads[1:])
    yield from _each(reversed(calls), done)
    yield from _each(reversed(record.get("breadcrumbs", [])), done)
    for rest in (*(each.get("frames", []) for each in raised), record.get("stack", [])):
        yield from _each(rest, done)
    yield from texts_in(record.get("tags", []), "tags")


def _each(holders: Iterable[Record], done: set[int]) -> Iterator[Text]:
    """Yield the texts of those holders that are not done yet."""
    for holder in holders:
        if id(holder) not in done:
            done.add(id(holder))
            yield from texts_in(holder)


def has_lines(frame: Record) -> bool:
    """Return whether a call brings the lines around it."""
    return "before" in frame or "after" in frame


def texts_in(holder: Holder, field: str = "", *, without: frozenset[str] = PLAIN) -> list[Text]:
    """Return all texts in `holder`, however deep, but for the fields `without`.

    In a list of lists those of two texts are pairs.
    """
    texts: list[Text] = []
    if isinstance(holder, dict):
        _gather_fields(holder, field, texts, without)
    else:
        _gather_items(holder, field, texts)
    return texts


def _gather_fields(holder: Record, field: str, texts: list[Text], without: frozenset[str] = PLAIN) -> None:
    for key, value in holder.items():
        if key in without:
            continue
        inner = REQUEST_PATH if key == "path" and field == "request" else key
        if isinstance(value, str):
            texts.append((holder, key, inner, value, None))
        elif isinstance(value, list):
            _gather_items(value, inner, texts)
        elif isinstance(value, dict):
            _gather_fields(value, inner, texts)


def _gather_items(holder: list[Any], field: str, texts: list[Text], *, is_item: bool = False) -> None:
    name = holder[0] if is_item and len(holder) == 2 and isinstance(holder[0], str) else None  # noqa: PLR2004 - a name, a value
    for place, value in enumerate(holder):
        if isinstance(value, dict):
            _gather_fields(value, field, texts)
        elif isinstance(value, str):
            texts.append((holder, place, field, value, name if place else None))
        elif isinstance(value, list):
            _gather_items(value, field, texts, is_item=True)
