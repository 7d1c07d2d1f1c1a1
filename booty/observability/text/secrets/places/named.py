"""Names with their values, where they do not form a pair: after a flag, or the value first."""

from __future__ import annotations

import re
from dataclasses import dataclass

from booty.observability.text.secrets.joints import GAP
from booty.observability.text.secrets.values import QUOTE


@dataclass(frozen=True, slots=True)
class Named:
    """A name and its value where `pairs` cannot recognise them; `pattern` has the groups `name` and `value`."""

    hints: tuple[str, ...]
    pattern: re.Pattern[str]


NAMED = (
    # `--password value`, in quotes with spaces.
    Named(
        ("--",),
        re.compile(
            r"--(?:(?<![\w-]--)|(?<=\\[nrt]--))(?P<name>[\w-]++)[^\S\n]{1,4}(?:(?P<quote>[\"'])(?=[^\"'\n]))?(?![-$<{])"
            r"(?P<value>(?(quote)[^\"'\n]++|[^\s\"']++))"
        ),
    ),
    # What pydantic says of a field: its name, and on the next line what is wrong with which value.
    Named(
        ("input_value=",),
        re.compile(
            r"(?P<name>[\w.-]{1,64})\s{1,4}[A-Z][^\n\[\]]{1,200}\[type=\w{1,60}, input_value="
            r"(?P<quote>[\"'])?(?P<value>(?(quote)[^\"'\n]++|[^\s,\"'\[\]]++))"
        ),
    ),
    # The value before its name: `value="…" name="…"`, `"value": "…", "key": "…"`.
    Named(
        ("value", "content"),
        re.compile(
            rf"\b(?:value|content){QUOTE}?{GAP}(?:=>|[=:]){GAP}(?P<open>{QUOTE})(?P<value>[^\"'<>\n\\]{{1,200}}+)"
            rf"(?P=open)[^<>\n{{}}]{{0,120}}?\b(?:name|key|k|header|field|param|property|variable|attribute){QUOTE}?{GAP}(?:=>|[=:])"
            rf"{GAP}{QUOTE}(?P<name>[\w.:-]++)",
            re.IGNORECASE,
        ),
    ),
)
