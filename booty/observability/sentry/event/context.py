"""What led up to it: the web request, the breadcrumbs, what it ran on.

Of a URL neither user nor query is kept: that is where secrets travel.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice

from booty.observability.alerts import limits
from booty.observability.alerts.alert import Breadcrumb, Request
from booty.observability.alerts.limits import cut
from booty.observability.sentry.schema.event import SentEvent
from booty.observability.sentry.schema.reading.moments import moment
from booty.observability.sentry.schema.reading.plain import as_text
from booty.observability.sentry.schema.surroundings import SentBreadcrumb, SentContext, SentContexts
from booty.observability.text.addresses import MOST_OF_URL, publishable, without_query
from booty.observability.text.named_values import named_values
from booty.observability.text.redaction import judged

DEBUG, USER = "debug", "user"
MOST_DATA, SHORT_TAG = 100, 160
"""Entries of a breadcrumb's data that are read, hardly ten are shown; characters of a tag that is remembered."""


def request(event: SentEvent) -> Request | None:
    """Return the web request without host and query, None when the event knows of none."""
    if (sent := event.request) is None:
        return None
    method, path = cut(sent.method, limits.NAME), cut(without_query(sent.url, host=False), limits.PATH)
    return Request(method=method, path=path) if method or path else None


def breadcrumbs(crumbs: Sequence[SentBreadcrumb]) -> tuple[tuple[Breadcrumb, ...], int]:
    """Return the last breadcrumbs, oldest first, and how many came before; none for debugging, none without a word."""
    telling = [each for each in crumbs if (each.message or _says(each)) and (each.level or "").lower() != DEBUG]
    last: list[Breadcrumb] = []
    while telling and len(last) < limits.MOST_BREADCRUMBS:
        if (crumb := _breadcrumb(telling.pop())) is not None:
            last.append(crumb)
    return tuple(reversed(last)), len(telling)


def _says(crumb: SentBreadcrumb) -> bool:
    return bool(crumb.category or crumb.type or crumb.data)


def _breadcrumb(crumb: SentBreadcrumb) -> Breadcrumb | None:
    text = cut(crumb.message, limits.CRUMB) or _other_text(crumb)
    if text is None:
        return None
    return Breadcrumb(
        at=limits.moment(moment(crumb.timestamp)),
        category=cut(crumb.category, limits.NAME),
        level=cut(crumb.level and crumb.level.lower(), limits.NAME),
        text=text,
    )


def _other_text(crumb: SentBreadcrumb) -> str | None:
    return (
        cut(_data_text(crumb.data), limits.CRUMB) or cut(crumb.category, limits.CRUMB) or cut(crumb.type, limits.CRUMB)
    )


def _data_text(data: dict[str, object]) -> str:
    """Say what the data of a breadcrumb says: a request as `GET https://host/path 200`, all else as `key: value`."""
    told = [(key, name, word) for key, name, value in islice(named_values(data), MOST_DATA) if (word := _word(value))]
    words = {key: word for key, _, word in told}
    if "url" in words:
        method = words.get("method") or words.get("http.method") or words.get("http.request.method")
        status = words.get("status_code") or words.get("http.response.status_code")
        said = (method, without_query(words["url"], host=True), status, words.get("reason"))
        return " ".join(word for word in said if word)
    if "from" in words and "to" in words:
        return " to ".join(without_query(words[end], host=True) or "?" for end in ("from", "to"))
    return ", ".join(f"{key}: {judged(name or '', publishable(word))}" for key, name, word in told)


def _word(value: object) -> str:
    """Return a plain value, or the plain ones of a list, as text; what nests deeper says too much."""
    items = named_values(value) if isinstance(value, list) else [(None, None, value)]
    texts = ((name or "", as_text(each)) for _, name, each in islice(items, MOST_DATA))
    return " ".join(judged(name, text[:MOST_OF_URL]) for name, text in texts if text is not None)


def contexts(known: SentContexts | None) -> tuple[tuple[str, str], ...]:
    """Return what the event ran on, each with its name and version."""
    if known is None:
        return ()
    named = {
        "runtime": known.runtime,
        "os": known.os or known.client_os,
        "browser": known.browser,
        "device": known.device,
    }
    texts = ((name, _context_text(context, is_device=name == "device")) for name, context in named.items())
    return tuple((name, text) for name, text in texts if text)


def _context_text(context: SentContext | None, *, is_device: bool) -> str | None:
    """Name a piece of the surroundings; a device by its model, since people call their phones by their own names."""
    if context is None:
        return None
    name = context.model or context.family if is_device else context.name or context.model
    return cut(" ".join(word for word in (name, context.version) if word), limits.NAME)


def tags(pairs: Sequence[tuple[str, str]], known: Iterable[tuple[str, str]] = ()) -> tuple[tuple[str, str], ...]:
    """Return the first tags, without the one that says who the user was, and those that the `known` contexts say."""
    on = dict(known)
    new = (
        (name, value)
        for name, value in pairs
        if (what := name.partition(".")[0]) != USER and value not in on.get(what, "")
    )
    first = islice(new, limits.MOST_TAGS)
    told = [(_tag if len(name) + len(value) <= SHORT_TAG else _tag.__wrapped__)(name, value) for name, value in first]
    return tuple([(name, value) for name, value in told if name and value])


@lru_cache(200)  # the alerts of one program share most of their tags
def _tag(name: str, value: str) -> tuple[str | None, str | None]:
    return cut(name, limits.NAME), cut(judged(name, publishable(value)), limits.NAME)
