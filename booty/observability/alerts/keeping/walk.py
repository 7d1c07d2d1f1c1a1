"""The walk over all texts of a record, in the order in which a reader misses them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, NamedTuple

from booty.observability.alerts.keeping.fields import LONG, PLAIN, REQUEST_PATH

Record = dict[str, Any]
Holder = Record | list[Any]


class Text(NamedTuple):
    """One text of a record: where it is, in which field; in a pair, the name that is known to be its."""

    holder: Any
    key: str | int
    field: str
    text: str
    name: str | None


def in_order(record: Record) -> Iterator[Text]:
    """Yield each text of a record once, what a reader misses most first."""
    raised: list[Record] = record.get("raised", [])
    calls = next((each["frames"] for each in raised if each.get("frames")), record.get("stack", []))
    own = sorted((each for each in reversed(calls) if each.get("in_app")), key=has_lines, reverse=True)
    done: set[int] = set()
    heads = [texts_in(each, without=("frames",)) for each in raised]
    yield from chain(*heads[:1])
    yield from _each(own or calls[-1:], done)
    yield from texts_in(record, without=LONG)
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


def texts_in(holder: Holder, field: str = "", *, without: tuple[str, ...] = ()) -> list[Text]:
    """Return all texts in `holder`, however deep; in a list of lists those of two texts are pairs."""
    texts: list[Text] = []
    _gather(holder, field, texts, without=without)
    return texts


def _gather(
    holder: Holder, field: str, texts: list[Text], *, without: tuple[str, ...] = (), is_item: bool = False
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
            texts.append(Text(holder, key, inner, value, name if is_named else None))
        elif isinstance(value, dict | list):
            _gather(value, inner, texts, is_item=is_list)
