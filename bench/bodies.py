"""The bodies that are sent: real events of the real sentry-sdk, with a place for the issue's number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sentry_sdk
from support import sentry_events

PLACE = "@issue@"
EVENT = "@event@" + "0" * 25
"""Where the event's id goes; it is as long as an id."""
MIDDLEWARE, SHORT_MIDDLEWARE = 26, 3
"""Frames of a Django request between the server and the view, roughly."""
QUERIES, FEW_QUERIES = 60, 15
QUERY = 'SELECT "shop_item"."id", "shop_item"."price" FROM "shop_item" WHERE "shop_item"."cart_id" = %s'


@dataclass(frozen=True, slots=True)
class Body:
    """A webhook body around the number of its issue, which the place of the event's id follows, and `PLACE` may."""

    name: str
    before: bytes
    after: bytes

    @property
    def size(self) -> int:
        """Bytes, with a number of ten digits."""
        return len(self.before) + len(self.end("0" * 10))

    def end(self, number: str) -> bytes:
        """Return what follows `before` for the issue with this number."""
        return number.encode() + self.after.replace(PLACE.encode(), number.encode())


def small() -> Body:
    """Return the body of an error that is two calls deep."""
    return _body("small", lambda: _view({}))


def django() -> Body:
    """Return a body of a Django request's size: many frames with source and variables, a page of queries."""
    return _body("django", lambda: _request(QUERIES, MIDDLEWARE))


def middle() -> Body:
    """Return a body of some 10 kB: a few frames, a few queries."""
    return _body("middle", lambda: _request(FEW_QUERIES, SHORT_MIDDLEWARE))


def _body(name: str, failing: Callable[[], object], change: Callable[[sentry_events.Json], object] = dict) -> Body:
    payload = sentry_events.delivered(sentry_events.capture(failing))
    event = payload["data"]["event"]
    event["issue_id"] = PLACE
    del event["event_id"]
    event["event_id"] = EVENT  # now the last one, so that what comes before the number is signed once
    change(event)
    before, _, after = sentry_events.body_of(payload).partition(PLACE.encode())
    return Body(name, before, after)


def unique() -> Body:
    """Return a body as `middle`'s whose texts name the number of its issue: of distinct alerts none comes again."""
    return _body("unique", lambda: _request(FEW_QUERIES, SHORT_MIDDLEWARE), _with_numbers)


def _with_numbers(event: sentry_events.Json) -> None:
    event["title"] = f"KeyError: 'basket {PLACE}'"
    event["exception"]["values"][-1]["value"] = f"'basket {PLACE}'"
    for number, crumb in enumerate(event["breadcrumbs"]["values"]):
        crumb["message"] = QUERY.replace("%s", f"{PLACE}{number}")
    event["tags"] += [["request", f"req-{PLACE}"], ["url", f"https://shop.example.com/orders/{PLACE}"]]


def _request(queries: int, depth: int) -> object:
    for number in range(queries):
        sentry_sdk.add_breadcrumb(category="query", message=QUERY, data={"params": [number]})
    return _middleware({"path": "/checkout/", "method": "POST", "user": "AnonymousUser"}, depth)


def _middleware(request: dict[str, str], depth: int) -> object:
    """Call the next middleware, or the view.

    Each call is a frame of the event, with eleven lines of source around it and its variables.
    """
    response = {"status": "200 OK", "content_type": "text/html; charset=utf-8", "depth": str(depth)}
    session = {"session_key": "k" * 32, "cart": str(list(range(10)))}
    if depth == 0:
        return _view(request)
    return _middleware(request | {"seen_by": f"shop.middleware.Step{depth}"}, depth - 1) or (response, session)


def _view(request: dict[str, str]) -> object:
    return request["basket"]
