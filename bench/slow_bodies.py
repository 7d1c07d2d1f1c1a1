"""Bodies made to be slow, of the size that Sentry lets through, with what they cost before the answer.

Each kind replaces every text of an event by one that keeps some step busy, or fills the event with very many values.
`PYTHONPATH=.:tests python bench/slow_bodies.py` prints the milliseconds of one core for each kind, the slowest first.
"""

from __future__ import annotations

import json
from time import process_time

from bodies import PLACE, Body

from booty.observability.alerts.keeping.kept import kept
from booty.observability.sentry.payload import parse

SIZE = 300_000
"""Bytes, about: what a large event may have."""
TEXTS = (
    "&a==", "&a=", "a=", "x.y=", "a.", '"', "'", "\\", "-", "--a b ", "('a', 'b') ", "<a>", "<a>b</a>", "://",
    "://a:", "password:", "password is a1b2c3d4e5 ", "password='", "token a1b2c3 ", "Bearer A1b2C3d4e5 ", "eyJ",
    "hf_ sk- SG. AKIA ", "-----BEGIN PRIVATE KEY-----", "k: v, ", "a@b.co ", "@a.b", "1.2.3.4 ", "2a00::1 ",
    "4111 1111 ", "+1 2", "DE12 ", "1 ", "\u200b", "\x1b[", "\x00", "Z\u0300\u0301\u0302\u0303\u0304", "é",
    "\U0001f600", "\r\n", "`", "a/", "../", "[redacted",
)  # fmt: skip
LARGEST = 2 * 1024 * 1024 - 1000
FRAMES, CRUMBS, TAGS = 60, 30, 40
TIMES = 3
Json = dict[str, object]


def kinds() -> dict[str, bytes]:
    """Return the hostile bodies by name, with `PLACE` for their issue."""
    texts = {repr(text): _written(_event(text)) for text in TEXTS}
    items = {name: _written(_many(item)) for name, item in ITEMS.items()}
    # Only the slower of the two parsers reads a body that begins with a byte order mark.
    return {**texts, **items, **{f"{name}, read slowly": b"\xef\xbb\xbf" + body for name, body in items.items()}}


def of(kind: str) -> Body:
    """Return a body of that kind."""
    before, after = kinds()[kind].split(PLACE.encode())
    return Body("hostile", before, after)


def costliest(most: int = 5) -> list[tuple[str, float]]:
    """Return the kinds that cost most, each with its milliseconds, the slowest first."""
    bodies = kinds()
    likely = sorted(bodies, key=lambda name: cost(bodies[name], 1), reverse=True)[: 2 * most]
    return sorted(((name, cost(bodies[name])) for name in likely), key=lambda each: each[1], reverse=True)[:most]


def largest(times: int) -> list[bytes]:
    """Return bodies as large as the service takes, each made of very many values; the kinds take turns."""
    kinds = list(ITEMS.values())
    events = [_written(_many(kinds[number % len(kinds)], LARGEST)) for number in range(times)]
    return [event.replace(PLACE.encode(), f"{number}".encode()) for number, event in enumerate(events)]


def cost(body: bytes, times: int = TIMES) -> float:
    """Return the milliseconds of one core that an alert costs until it can be stored; the best of some runs."""
    best = float("inf")
    for _ in range(times):
        began_at = process_time()
        kept(parse(body, None).record())
        best = min(best, process_time() - began_at)
    return best * 1000


def _event(text: str) -> Json:
    """Fill all texts of an event, each to the length that Sentry lets through."""
    names = ("filename", "abs_path", "function", "module", "package", "context_line")
    frames: list[Json] = [
        {"lineno": 7, "in_app": True, **{name: f"{at}{_filled(text, 250)}" for name in names}} for at in range(FRAMES)
    ]
    lines = [_filled(text, 250)] * 5
    frames[-1] |= {"pre_context": lines, "post_context": lines, "vars": {_filled(text, 40): _filled(text, 500)}}
    crumb = {"message": _filled(text, 800), "category": _filled(text, 100), "data": {"a": _filled(text, 500)}}
    thrown = {"type": _filled(text, 120), "value": _filled(text, 8000), "stacktrace": {"frames": frames}}
    return {
        **{name: _filled(text, 8000) for name in ("message", "title", "culprit", "logger")},
        **{name: _filled(text, 200) for name in ("release", "environment", "platform", "web_url", "issue_url", "url")},
        "exception": {"values": [thrown] * 2},
        "breadcrumbs": {"values": [crumb] * CRUMBS},
        "tags": [[f"{number}{_filled(text, 30)}", _filled(text, 200)] for number in range(TAGS)],
        "contexts": {name: dict.fromkeys(("name", "version"), _filled(text, 200)) for name in ("os", "runtime")},
        "request": {"url": f"https://{_filled(text, 8000)}", "method": _filled(text, 100)},
    }


def _filled(text: str, length: int) -> str:
    return (text * (length // len(text) + 1))[:length]


ITEMS: dict[str, tuple[str, object]] = {
    "frames": ("stacktrace.frames", {}),
    "numbers": ("hashes", 1),
    "threads": ("threads", {"crashed": True}),
    "exceptions": ("exception", {"type": "a"}),
    "breadcrumbs": ("breadcrumbs", {"message": "a"}),
    "tags": ("tags", ["a", "b"]),
    "lists in lists": ("extra", [[[[[[]]]]]]),
}


def _many(item: tuple[str, object], size: int = SIZE) -> Json:
    """Fill an event with as many items as there is room for."""
    field, value = item
    values: object = [value] * (size // (len(json.dumps(value, separators=(",", ":"))) + 1))
    for name in reversed(field.split(".")):
        values = {name: values}
    return dict(values) if isinstance(values, dict) else {}


def _written(event: Json) -> bytes:
    """Return the body, no longer than the others."""
    whole = {"action": "triggered", "data": {"event": {**event, "issue_id": PLACE, "project": 1}}}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def main() -> None:
    """Measure and print."""
    for name, spent in costliest(len(kinds())):
        print(f"{spent:7.2f} ms  {name}")


if __name__ == "__main__":
    main()
