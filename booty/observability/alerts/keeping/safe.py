"""The safe form of one text: clean, without secrets, without personal data, cut to its length."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache

from booty.observability.alerts import limits
from booty.observability.alerts.keeping.fields import IDENTIFIERS, LIMITS, PATHS
from booty.observability.alerts.keeping.walk import Text
from booty.observability.text.personal_data import mask
from booty.observability.text.redaction import redact, redact_value
from booty.observability.text.untrusted import TORN, clean

MOST_OF_ROOM = 6_000
"""How much of it one text may take; the end of one that takes more is left out."""
TEXT_COSTS, SIGN_COSTS = 24, 6
"""What a text, and each sign by which secrets are known in it, take beside its characters: about as much time."""
SURELY_ROOM = (MOST_OF_ROOM - TEXT_COSTS) // (1 + SIGN_COSTS)
"""Characters for which there is room even if each is a sign."""
SHORT, REMEMBERED = 160, 600
"""Characters of a text whose safe form is remembered, and how many are: a third of a megabyte or less."""
MOST_NAMES = 200
"""Releases and environments that are remembered."""
LEFT_OUT = "[left out]"


def make(texts: Iterable[Text], *, is_masked: bool) -> None:
    """Put the safe form of each of `texts` in its place; `is_masked`: without personal data."""
    for holder, place, field, text, name in texts:
        holder[place] = (_remembered if len(text) <= SHORT else _safe)(text, field, name, is_masked)


def cost_in(texts: Collection[Text]) -> int:
    """Return what it takes to look at all of `texts`, as `cost_of` has it."""
    return cost_of(*[text for _, _, _, text, _ in texts])


def cost_of(*texts: str) -> int:
    """Return about how long it takes to look at all of `texts`, in characters."""
    whole = texts[0] if len(texts) == 1 else "".join(texts)
    signs = whole.count("=") + whole.count(":") + whole.count("&") + whole.count("@")
    return len(whole) + TEXT_COSTS * len(texts) + SIGN_COSTS * signs


def _safe(text: str, field: str, name: str | None, is_masked: bool) -> str:  # noqa: FBT001 - as a key of a cache
    read = text
    while len(read) > SURELY_ROOM and (cost := cost_of(read)) > MOST_OF_ROOM:
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


@lru_cache(MOST_NAMES)
def identifier(text: str, field: str) -> str:
    """Return a name that is not personal data, such as a release, as `kept` leaves it in `field`."""
    return _shortened(redact(clean(text)), text, field)


def _shortened(safe: str, text: str, field: str) -> str:
    """Cut what became of `text`; where the reading of it stopped, half a secret may stand."""
    limit = LIMITS.get(field, limits.NAME)
    if field in PATHS:
        whole = safe[TORN:] if len(text) >= limits.MOST_OF_PATH else safe
        return whole.encode()[-limit:].decode(errors="ignore")
    whole = safe[:-TORN] if len(text) >= limit + limits.MARGIN else safe
    if whole.isascii():
        return whole[:limit]
    return whole.encode()[:limit].decode(errors="ignore")
