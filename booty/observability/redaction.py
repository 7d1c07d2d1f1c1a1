"""Text without the secrets in it: each is replaced by `[redacted]`, with its kind where the form tells it.

It is not an entropy guess: a git SHA, a UUID or a hash is what a reader needs, and stays. A secret is known by its own
form (`secret_shapes`) or by where it stands: in a URL or a header (`secret_places`), beside a telling name
(`secret_names`). Source code that only names a secret (`password = form["password"]`, `token: str`) stays as it is.

Redacting twice gives the same text as redacting once. All patterns are linear, as `secret_shapes` explains.
"""

from __future__ import annotations

import re

from booty.observability.secret_names import Telling, judge
from booty.observability.secret_places import GAP, NAMED, PLACES
from booty.observability.secret_shapes import BLOCKS, RUN, SHAPES, Shape, signed
from booty.observability.secret_values import LOOKS_SECRET, MASKED, RANDOM, VALUE, is_harmless

LIMIT = 12_000
"""Characters; what lies beyond is dropped, so that no input costs more than some milliseconds."""
PASSES = 3
"""A second pass finds what was glued to a secret (two keys without a space); the last one should change nothing."""

# `name=value`, `"name": "value"`, `name => 'value'`, `data["name"] = "value"`, and the same escaped in JSON.
# The `n` of an escaped line end is no part of a name.
NAME = re.compile(
    rf"(?<![\w.-])(?:(?<=\\)[nrt])?(?P<name>[\w.-]++)(?:\\{{0,4}}[\"'`]\]?)?(?P<separator>{GAP}(?::=|=>|=(?![=~>])|:(?![:/=])|%3[Dd]){GAP})"
)
QUALIFIER = re.compile(r"[A-Za-z]+ \Z")  # a word before a lone `key` or `token`: "api key: …"


def redact(text: str) -> str:
    """Return `text`, at most its first `LIMIT` characters, with `[redacted]` for every secret that can be told."""
    text = text[:LIMIT]
    for _ in range(PASSES):
        before, text = text, _mask_pairs(_mask_places(_mask_forms(text)))
        if text == before:
            break
    return text


def redact_value(name: str, value: str) -> str:
    """Return `value` without secrets; nothing of it is left where `name`, which is known to be its, tells of one."""
    return redact(judged(name, value))


def judged(name: str, value: str) -> str:
    """Return `value`, not redacted yet, but where `name`, which is known to be its, tells that it is a secret."""
    return value if is_harmless(value, judge(name)) else "[redacted]"


def _mask_forms(text: str) -> str:
    text = _mask_signed(_mask_shapes(BLOCKS, text))
    return _mask_shapes(SHAPES, text) if RUN.search(text) else text


def _mask_shapes(shapes: tuple[Shape, ...], text: str) -> str:
    for shape in shapes:
        if any(hint in text for hint in shape.hints):
            text = shape.pattern.sub(f"[redacted {shape.kind}]", text)
    return text


def _mask_signed(text: str) -> str:
    kept: list[str] = []
    position = 0
    for start, end, kind in signed(text):
        kept += [text[position:start], f"[redacted {kind}]"]
        position = end
    return "".join(kept) + text[position:]


def _mask_places(text: str) -> str:
    lowered = text.lower()
    for place in PLACES:
        if any(hint in lowered for hint in place.hints):
            text = place.pattern.sub(place.masked, text)
    for pattern in NAMED:
        text = pattern.sub(_mask_named, text)
    return text


def _mask_named(found: re.Match[str]) -> str:
    if judge(found["name"]) is Telling.NOTHING or MASKED.match(found["value"]):
        return found[0]
    start, end = found.start("value") - found.start(), found.end("value") - found.start()
    return f"{found[0][:start]}[redacted]{found[0][end:]}"


def _mask_pairs(text: str) -> str:
    """Mask the value after every telling name; each search goes on where the last one ended."""
    kept: list[str] = []
    position = 0
    while name := NAME.search(text, position):
        value = _secret_after(name, text)
        start, end = value or (name.end(), name.end())
        kept += [text[position:start], "[redacted]" if value else ""]
        position = end
    return "".join(kept) + text[position:]


def _secret_after(name: re.Match[str], text: str) -> tuple[int, int] | None:
    """Find where the secret after `name` starts and ends, if there is one that is not masked yet."""
    telling = judge(name["name"])
    if name["name"].lower() in {"key", "token"} and (
        before := QUALIFIER.search(text[max(0, name.start() - 16) : name.start()])
    ):
        telling = judge(before[0] + name["name"])
    if telling is Telling.NOTHING or not (value := VALUE.match(text, name.end())):
        return None
    kind = str(value.lastgroup)
    is_prose = kind == "bare" and name["separator"] != "=" and not LOOKS_SECRET.match(value[0])
    is_variable = value[kind].lower() == name["name"].lower()  # `connect(password=password)`
    if is_variable or MASKED.fullmatch(value[kind]) or (telling is Telling.PERHAPS and is_prose):
        return None
    if telling is Telling.LIKELY and not RANDOM.match(value[kind]):
        return None
    return value.span(kind)
