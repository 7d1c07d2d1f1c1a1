"""Names with their values, where they do not form a pair: after a flag, or the value first."""

from __future__ import annotations

import re

from booty.observability.text.secrets.joints import GAP
from booty.observability.text.secrets.names import judge
from booty.observability.text.secrets.places.place import Place
from booty.observability.text.secrets.values import QUOTE, is_harmless


def _masked(found: re.Match[str]) -> str:
    named = found.groupdict()
    name = named.get("name") or named.get("option") or named.get("parameter") or ""
    if is_harmless(found["value"], judge(name)):
        return found[0]
    start, end = found.start("value") - found.start(), found.end("value") - found.start()
    return f"{found[0][:start]}[redacted]{found[0][end:]}"


NAMED = (
    # `--password value`, in quotes with spaces.
    Place(
        ("--",),
        re.compile(
            r"--(?:(?<![\w-]--)|(?<=\\[nrt]--))(?P<name>[\w-]++)[^\S\n]{1,4}(?:(?P<quote>[\"'])(?=[^\"'\n]))?(?![-$<{])"
            r"(?P<value>(?(quote)[^\"'\n]++|[^\s\"']++))"
        ),
        _masked,
    ),
    # What pydantic says of a field: its name, and on the next line what is wrong with which value.
    Place(
        ("input_value=",),
        re.compile(
            r"(?P<name>[\w.-]{1,64})\s{1,4}[A-Z][^\n\[\]]{1,200}\[type=\w{1,60}, input_value="
            r"(?P<quote>[\"'])?(?P<value>(?(quote)[^\"'\n]++|[^\s,\"'\[\]]++))"
        ),
        _masked,
    ),
    # What is wrong with the value of an option or of a call's parameter: argparse, click, botocore.
    Place(
        ("argument -", "value for '-", 'value for "-', ", value: "),
        re.compile(
            r"(?:(?:argument|value for)[^\S\n][\"']?(?:-\w[\"']?[^\S\n]?/[^\S\n]?[\"']?)?--(?P<option>[\w-]{1,64})"
            r"[\"']?:(?:[^\n:\"']{1,60}:)?|parameter[^\S\n](?P<parameter>[\w.-]{1,64}), value:)"
            r"[^\S\n][\[({]?[bur]?(?P<quote>[\"'])(?P<value>[^\"'\n]++)"
        ),
        _masked,
    ),
    # The value before its name: `value="…" name="…"`, `"value": "…", "key": "…"`.
    Place(
        ("value", "content"),
        re.compile(
            rf"\b(?:value|content){QUOTE}?{GAP}(?:=>|[=:]){GAP}(?P<open>{QUOTE})(?P<value>[^\"'<>\n\\]{{1,200}}+)"
            rf"(?P=open)[^<>\n{{}}]{{0,120}}?\b(?:name|key|k|header|field|param|property|variable|attribute){QUOTE}?{GAP}(?:=>|[=:])"
            rf"{GAP}{QUOTE}(?P<name>[\w.:-]++)",
            re.IGNORECASE,
        ),
        _masked,
    ),
)
