"""Secrets that begin with a sign of their issuer, found by the table in `forms`.

Every pattern is linear: a run of unknown length is possessive, so it is read once and never given back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise

from booty.observability.text.secrets.forms import TABLE


@dataclass(frozen=True, slots=True)
class Form:
    """One form of secret that begins with a sign; `follows` is the table's third column."""

    kind: str
    follows: str
    alone: bool
    """The sign must begin a word."""


# What the table calls them; `#` is the least number of characters.
ALPHABETS = {
    "word": r"[\w-]{#,}+",
    "dotted": r"[\w-]{#,}+(?>(?:\.[\w-]++)*)",
    "dots": r"[\w.-]{#,}+",
    "alnum": r"[A-Za-z0-9]{#,}+",
    "upper": r"[A-Z0-9]{#,}+",
    "hex": r"[0-9a-fA-F]{#,}+",
    "uuid": r"[0-9a-fA-F-]{#,}+",
    "padded": r"[\w+/=-]{#,}+",
    "encoded": r"[\w+/=%.-]{#,}+",
    "path": r"[\w/%.@-]{#,}+",
    "dollar": r"[\w$]{#,}+",
    "equals": r"[\w.=-]{#,}+",
    # With capitals, small letters and digits, as no word and no hash is.
    "mixed": r"(?=[^\sA-Z]{0,40}[A-Z])(?=[^\sa-z]{0,40}[a-z])[\w-]{#,}+",
    "mixeddots": r"(?=[^\sA-Z]{0,40}[A-Z])(?=[^\sa-z]{0,40}[a-z])[\w.-]{#,}+",
    "airtable": r"[A-Za-z0-9]{#}\.[0-9a-f]{64}",
    "asana": r"\d{#,20}+[:/][\w:/]{32,}+",
    "rancher": r"[a-z0-9]{#}:[a-z0-9]{54}",
}
DIGIT = r"(?=[^\s0-9]{0,64}[0-9])"


@cache
def _rest(follows: str) -> re.Pattern[str]:
    """Return the pattern of a table's third column, such as `^word16`; most are never asked for."""
    alphabet = follows.strip("^0123456789")
    least = follows[follows.index(alphabet) + len(alphabet) :]
    return re.compile((DIGIT if follows.startswith("^") else "") + ALPHABETS[alphabet].replace("#", least), re.ASCII)


def _forms() -> Iterator[tuple[str, Form]]:
    for line in TABLE.strip().splitlines():
        kind, signs, follows, _ = (column.strip() for column in line.split("|"))
        form = Form(kind, follows, alone=follows.startswith("^"))
        yield from ((sign, form) for sign in signs.split())


def _end(form: tuple[str, Form]) -> tuple[str, str]:
    return form[0][-2], form[0][-1]


FORMS = tuple(_forms())
# By the last two characters of the sign: most of those occur nowhere.
BY_END = {end: list(forms) for end, forms in groupby(sorted(FORMS, key=_end), key=_end)}
ENDS = frozenset(BY_END)
# Without such a run no form of the table is there: ordinary text has few, and only they are searched for its signs.
RUN = re.compile(r"[\w+/=.~%:$-]{15,}+", re.ASCII)
ESCAPES = ("\\n", "\\r", "\\t")


def signed(text: str, runs: str) -> list[tuple[int, int, str]]:
    """Return where the secrets with a sign of their issuer start and end, and what they are, in order.

    `runs` are those of `text`, joined.
    """
    likely = [form for end in ENDS.intersection(pairwise(runs)) for form in BY_END[end] if form[0] in runs]
    if not likely:
        return []
    spans: list[tuple[int, int, str]] = []
    ended = 0
    for at, negative, index in sorted(_begun(text, likely)):
        form = likely[index][1]
        if at < ended or (form.alone and not _begins_word(text, at)):
            continue
        if rest := _rest(form.follows).match(text, at - negative):
            ended = rest.end()
            spans.append((at, ended, form.kind))
    return spans


def _begun(text: str, forms: Sequence[tuple[str, Form]]) -> Iterator[tuple[int, int, int]]:
    """Yield the position of each sign of `forms`, its negative length, since the longest goes first, and its number."""
    for index, (sign, _) in enumerate(forms):
        at = text.find(sign)
        while at >= 0:
            yield at, -len(sign), index
            at = text.find(sign, at + len(sign))


def _begins_word(text: str, at: int) -> bool:
    """Return whether a word begins there; the `n` of an escaped line end does not begin one."""
    return not at or not text[at - 1].isalnum() or text[max(0, at - 2) : at] in ESCAPES
