"""Whether the value of a pair is a secret: by its name, by itself, by how they are joined."""

from __future__ import annotations

import re
from collections.abc import Callable

from booty.observability.text.secrets.names import Telling, is_password, judge
from booty.observability.text.secrets.pairs import Pair
from booty.observability.text.secrets.phrased import is_phrased, is_verdict
from booty.observability.text.secrets.values import (
    LOOKS_SECRET,
    MASKED,
    MIXED,
    QUOTE,
    RANDOM,
    STRONG,
    VALUE,
    WRAPPING,
    is_harmless,
)

PROBE, ELEMENT = 128, 512
"""Characters that a value is judged by: reading all of it, after each of many names, would take too long."""
FEWEST_LISTED = 8
"""Characters of a secret that follows its name in a longer list; a shorter text may be another name."""
COMPARISON = re.compile(r"==|!=|<>|->|\|\||\?\?|\b(?:like|in)\b")
BETWEEN = re.compile(r"[\W_]+")
# The only two in a list: what precedes the name and its quote, and what follows the value.
ALONE = re.compile(rf"[\[(][bu]?{QUOTE}\Z")
CLOSED = re.compile(rf"(?:{QUOTE})?[\])]")
# Values without quotes: an element's text, a part of a form.
PLAIN_VALUES = {
    "element": re.compile(r"(?P<text>(?>(?:[^<>\n\]&]|&(?!lt;)|\](?!\]>)){1,400}))(?=\s{0,40}(?:<|&lt;)/|\]\]>|<!)"),
    "part": re.compile(r"(?P<text>(?>(?:(?! --)[^\n\\]){1,400}))"),
}


def secret_of(pair: Pair, text: str) -> tuple[int, int] | None:
    """Find where the secret of `pair` starts and ends, if there is one that is not masked yet."""
    telling = judge(pair.name)
    if telling is Telling.NOTHING:
        return None
    values, at = PLAIN_VALUES.get(pair.joined, VALUE), pair.value
    most = PROBE if values is VALUE else ELEMENT
    value = values.match(text, at, at + most)
    if value is None and pair.joined == "assigned" and (wrapping := WRAPPING.match(text, at)):
        pair, at = pair if wrapping["item"] else pair._replace(joined="loose"), wrapping.end()
        value = values.match(text, at, at + most)
    if value is None or not _is_secret(pair, telling, value, text):
        return None
    whole = values.match(text, at) or value
    return whole.span(str(whole.lastgroup))


def _is_secret(pair: Pair, telling: Telling, value: re.Match[str], text: str) -> bool:
    """Judge by the name, the value, and how they are joined."""
    kind = str(value.lastgroup)
    told = value[kind]
    named = pair.name.rpartition(".")[2]
    # `connect(password=password)`, `self.password = password`, `{"X-Api-Key": apiKey}`
    if _alone(told) == _alone(named) or MASKED.fullmatch(told):
        return False
    if telling in {Telling.LIKELY, Telling.HARDLY}:
        return not is_harmless(told, telling) and (pair.joined != "told" or bool(STRONG.match(told)))
    if judged := JUDGED.get(pair.joined):
        return judged(pair, telling, value, text)
    if COMPARISON.search(pair.between):  # what code compares with is seldom the secret itself
        return bool(RANDOM.match(told))
    is_prose = kind == "bare" and pair.between != "=" and not LOOKS_SECRET.match(told)
    return telling is Telling.SECRET or not is_prose


def _alone(name: str) -> str:
    """Return the letters and digits of a name, without the `x` that begins a header's."""
    return BETWEEN.sub("", name.lower()).removeprefix("x")


def _is_told(pair: Pair, telling: Telling, value: re.Match[str], _: str) -> bool:
    """Judge what prose says of a name: of a password whatever is no verdict, else what looks like a secret."""
    told = value[str(value.lastgroup)]
    if telling is Telling.SECRET and is_password(pair.name):
        return not is_verdict(told)
    return bool(STRONG.match(told))


def _is_mixed(_pair: Pair, _telling: Telling, value: re.Match[str], _: str) -> bool:
    return bool(MIXED.match(value[str(value.lastgroup)]))


def _is_listed(pair: Pair, _: Telling, value: re.Match[str], text: str) -> bool:
    """Judge two neighbours in a list: a pair if there are no others, or a flag and its value; else by the value."""
    told = value[str(value.lastgroup)]
    is_alone = bool(ALONE.search(text[max(0, pair.begin - 12) : pair.begin])) and bool(CLOSED.match(text, value.end()))
    if is_alone or (pair.name.startswith("-") and not told.startswith("-")):
        return True
    return len(told) >= FEWEST_LISTED and bool(RANDOM.match(told)) and judge(told) is Telling.NOTHING


JUDGED: dict[str, Callable[[Pair, Telling, re.Match[str], str], bool]] = {
    "phrased": is_phrased,
    "told": _is_told,
    "loose": _is_mixed,
    "listed": _is_listed,
}
