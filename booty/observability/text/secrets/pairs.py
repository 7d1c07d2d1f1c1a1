"""Pairs of a name with its value in a text, in the many ways in which people write them.

It finds names that may tell of a secret, and how their values are joined to them. Whether a value is a secret is
`redaction`'s to decide, by both. Only a name with one of `STEMS` in it is looked at: no other tells of a secret, and
passing over the rest is fast.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from booty.observability.text.secrets.joints import (
    ASSIGNED,
    ATTRIBUTE,
    BELOW_NAME,
    ELEMENT,
    GLUED,
    LISTED,
    LOOSE,
    NEXT_ELEMENT,
    OWN,
    PART,
    PHRASED,
    TOLD,
    VISIBILITY,
    WITHIN,
)
from booty.observability.text.secrets.stems import ASCII_STEMS, SORT, STEMS
from booty.observability.text.secrets.values import QUOTE

LONGEST = 64
"""Characters before a stem that may belong to its name, or show in what kind of place the name is."""

ASCII_STEM = re.compile(ASCII_STEMS)
"""Where there is nothing but ASCII, to look for a stem first takes half as long as for pairs alone."""
NEIGHBOUR = re.compile(LISTED)
PAIR = re.compile(
    rf"(?P<stem>{STEMS})(?:(?P<glued>{GLUED})|(?P<rest>[\w.-]{{0,40}}+(?:{SORT})?)(?:\]?(?P<assigned>{ASSIGNED})|(?P<phrased>{PHRASED})|(?P<told>{TOLD})|(?P<own>{OWN})|(?P<element>{ELEMENT})|(?P<loose>{LOOSE})"
    rf"|(?P<next>{NEXT_ELEMENT})|(?P<below>{BELOW_NAME})|[ \]]?(?P<close>(?:{QUOTE}){{1,2}})"
    rf"(?:{VISIBILITY}\]?(?P<quoted>{ASSIGNED})"
    rf"|(?P<attribute>{ATTRIBUTE})"
    rf"|(?P<listed>{LISTED})|(?P<within>{WITHIN})|(?P<part>{PART}))))"
)
NOT_NAME = re.compile(r"[^\w.-]")
# What says nothing by itself, but after one or two words: "api key: …", "mot de passe: …".
FOREIGN_KEYS = ("schlüssel", "schluessel", "schlussel", "sleutel", "klucz", "ключ")
LONE = frozenset(
    {"key", "token", "code", "pin", "passe", "phrase", "string", "url", "khau", "sandi", "khẩu", *FOREIGN_KEYS}
)

NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF21, 0xFF5B)} | {0x131: ord("i"), 0x17F: ord("s")}
"""Letters that a pattern without case, or a reader, takes for ASCII's: full-width ones, a dotless i, a long s."""

# What must precede a name of that kind.
BEFORE = {
    "element": re.compile(r"(?:<|&lt;)(?:\w{1,40}:)?\Z"),
    "own": re.compile(r"<(?:\w{1,40}:)?\Z"),
    "next": re.compile(r">[^\S\n]{0,4}\Z"),
    "listed": re.compile(rf"{QUOTE}\Z"),
    "within": re.compile(r"\b(?:name|key)[^\S\n]?=[^\S\n]?[\"']\Z", re.IGNORECASE),
    "attribute": re.compile(
        rf"\b(?:name|key|k|n|id|header|field|param|parameter|property|variable|var|attribute|option|setting){QUOTE}?"
        rf"[^\S\n]{{0,4}}(?:=>|[:=])[^\S\n]{{0,4}}[bu]?{QUOTE}\Z",
        re.IGNORECASE,
    ),
    "part": re.compile(rf"form-data;[^\n]{{0,40}}\bname=(?:{QUOTE})?\Z", re.IGNORECASE),
    "below": re.compile(r"\bname:[^\S\n]{1,4}[\"']?\Z", re.IGNORECASE),
}
KINDS = {
    "quoted": "assigned",
    "attribute": "assigned",
    "below": "assigned",
    "own": "assigned",
    "within": "element",
    "next": "element",
    "glued": "phrased",
}


class Pair(NamedTuple):
    """A name, how its value is joined to it, and where that begins."""

    name: str
    joined: str
    """`assigned`, `phrased`, `told`, `listed`, `element` or `part`."""
    between: str
    begin: int
    """Where the name begins."""
    value: int
    """Where the value begins, with its quote if it has one."""


def lowered(text: str) -> str:
    """Return `text` in small letters, as ASCII has them where there are others of them, each character at its place."""
    return text.lower() if text.isascii() else text.replace("İ", "i").lower().translate(NARROW)


def pair_after(text: str, small: str, position: int) -> tuple[Pair | None, int] | None:
    """Return the next pair, and where to go on when it is none after all; None when no name follows `position`."""
    if small.isascii():
        stem = ASCII_STEM.search(small, position)
        position = stem.start() if stem else len(small)
    found = PAIR.search(small, position)
    if found is None:
        return None
    joined = str(found.lastgroup)
    begin, value = _beginning(text, found.start()), found.end()
    if joined in BEFORE and not _stands_in(BEFORE[joined], text, begin):
        neighbour = NEIGHBOUR.match(small, found.end("close")) if joined == "attribute" else None
        if neighbour is None or not _stands_in(BEFORE["listed"], text, begin):
            return None, found.end("stem")
        joined, value = "listed", neighbour.end()
    end = found.end("stem" if joined == "glued" else "rest")
    name = text[begin:end]
    if small[begin:end] in LONE:
        name = _words_before(text, begin) + name
    return Pair(name, KINDS.get(joined, joined), small[end:value], begin, value), found.end("stem")


def _beginning(text: str, stem: int) -> int:
    """Return where the name begins whose stem is at `stem`; the `n` of an escaped line end is not a part of it."""
    if not stem or NOT_NAME.match(text, stem - 1):
        return stem
    before = text[max(0, stem - LONGEST) : stem]
    other = NOT_NAME.search(before[::-1])
    begin = stem - (other.start() if other else len(before))
    return begin + 1 if text[max(0, begin - 1) : begin] == "\\" and text[begin] in "nrt" else begin


def _words_before(text: str, begin: int) -> str:
    """Return the one or two words right before `begin`, with the spaces behind them."""
    *_, first, second, nothing = ("", "", *text[max(0, begin - LONGEST) : begin].split(" "))
    if nothing or not second.isalpha():
        return ""
    return f"{first} {second} " if first.isalpha() else f"{second} "


def _stands_in(place: re.Pattern[str], text: str, begin: int) -> bool:
    return bool(place.search(text[max(0, begin - LONGEST) : begin]))
