"""Pairs of a name with its value in a text, in the many ways in which people write them.

It finds names that may tell of a secret, and how their values are joined to them. Whether a value is a secret is
`redaction`'s to decide, by both. Only a name with one of `STEMS` in it is looked at: no other tells of a secret, and
passing over the rest is fast.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from booty.observability.text.secrets.values import QUOTE

LONGEST = 64
"""Characters before a stem that may belong to its name, or show in what kind of place the name is."""

GAP = r"[^\S\n]{0,40}"
STEMS = (
    r"pass|p(?:s?wd|w\b|sk\b|in\b|at\b)|(?<!\d{12}:)secret|to(?:ken|tp)|key|auth|cred|c(?:ookie|odes?\b|v[vc]|srf)|s(?:ess|id\b|ig|alt|tring\b)"
    r"|jwt|otp|xsrf|bearer|m(?:dp|nemonic)|phrase|ur[il]\b|link\b|answer\b|saml|assertion|verifier|contrase|clave|senha|kennwort|wachtwoord|has[lł]o|heslo"
    r"|l[oö]senord|adgangskode|salasana|jelsz|parol|[sş]ifre|kh[aẩ]u|sandi|zaporka|geslo|lozinka|slapta|fjal|парол|лозинк"
    r"|κωδικ|סיסמ|المرور|السر|密[码碼]|口令|パスワード|暗証番号|비밀번호|암호|รหัสผ่าน|पासवर्ड|geheim|pepper|ssn|community"
)
EQUALS = r"(?:(?:%(?:25){0,2}3[da](?:%20)?|;s:\d{1,6}:|\\u003[da]|&#(?:61|58|x3d|x3a);)|[：＝])"  # noqa: RUF001 - full-width ones are meant
# What lies between when the value is not on the line of its name: YAML's block and next line, a dump of PHP.
BELOW = (
    r"(?:[|>][+-]?\d?[^\S\n]{0,4}(?:\n\s{0,40}|[^\S\n])|\n?[^\S\n]{0,40}string\(\d{1,6}\)[^\S\n]{1,4}"
    r"|\n[^\S\n]{1,40}(?=[^\s:#-]\S{0,400}(?<![:{\[(,])[^\S\n]{0,4}(?:\n|\Z))|\n[^\S\n]{0,40}(?=[\"']))?"
)
TYPED = r":[^\S\n]{0,4}[a-z][\w.|\[\] ]{0,40}=(?=[^\S\n]{0,4}[\"'])"
COMPARED = r"={2,3}(?=[^\S\n]{0,4}[\"'])"
# A name in bold, with the sign outside or inside: `**password**: …`, `<b>Password:</b> …`.
BOLD = r"(?:\*{1,2}|</\w{1,10}>)?"
ASSIGNED = rf"{BOLD}{GAP}(?:{TYPED}|{COMPARED}|:=|=>|=(?![=~>])|::(?=[^\S\n])|:(?![:/=])|{EQUALS}){BOLD}{GAP}{BELOW}"
# In prose and commands nothing lies between: only what has letters and digits is a value there.
TOLD = (
    r"[^\S\n]{1,4}(?:(?:for|of)[^\S\n](?:user[^\S\n])?[\"']?[\w.@-]{1,40}[\"']?(?=[^\S\n](?:is|was|to|[:=])[^\S\n])[^\S\n])?"
    r"(?:(?:(?:is|was|set to|to|as|provided|received|supplied|given|used):?|->|=|:|\||\.)[^\S\n]{1,2})?"
    r"(?![\w-]{1,20}=[\"'])"
    r"[bur]?(?=[\"'`]?[^\s\d]{0,40}\d)(?=[\"'`]?[^\sa-z]{0,40}[a-z])(?=[\"'`]?[^\s\"'=:,;<>(){}\[\]]{5})"
)
LISTED = rf",[^\S\n]{{0,4}}(?:\n[^\S\n]{{0,40}})?(?=[bur]{{0,2}}{QUOTE})"
ELEMENT = r"(?:[^\S\n][^<>\n]{0,120})?(?:>|&gt;)\s{0,40}(?:<!\[cdata\[)?"
WITHIN = ELEMENT + r"(?:<[\w:]{1,20}>)?"
NEXT_ELEMENT = r"[^\S\n]{0,4}</[\w:-]{1,40}>\s{0,40}(?:<[^<>\n]{1,80}>){1,2}"
# `<name x="y" value="…"/>`
OWN = r"[^\S\n][^<>\n]{0,80}?\bvalue[^\S\n]?=(?=[\"'])"
# `setName("…")`, `name (…)`, `(name . "…")`, `{:name, "…"}`, `name;…`: only what looks like nothing but a secret.
LOOSE = r"(?:\([^\S\n]{0,4}(?=[bur]?[\"'])|[^\S\n]\((?=\w{12})|[,;|][^\S\n]{0,2}(?:<<)?|~>)"
ATTRIBUTE = rf"[^<>\n{{}}]{{0,120}}?\b(?:value|val|content|v){QUOTE}?[^\S\n]{{0,4}}(?:=>|[=:])[^\S\n]{{0,4}}"
PART = r"(?:;[^\n]{0,80})?(?:\\r|\\n|\s){1,8}(?:content-[^\n]{0,80}(?:\\r|\\n|\s){1,8}){0,2}"
BELOW_NAME = r"\s{1,40}value:[^\S\n]{1,4}"
# `["password":protected]=>`, as PHP dumps an object.
VISIBILITY = r"(?::(?:protected|\"?[\w\\]{1,60}\"?:private))?"
NEIGHBOUR = re.compile(LISTED)
PAIR = re.compile(
    rf"(?P<stem>{STEMS})(?P<rest>[\w.-]{{0,40}}+)(?:\]?(?P<assigned>{ASSIGNED})|(?P<told>{TOLD})|(?P<own>{OWN})|(?P<element>{ELEMENT})|(?P<loose>{LOOSE})"
    rf"|(?P<next>{NEXT_ELEMENT})|(?P<below>{BELOW_NAME})|(?P<close>{QUOTE})(?:{VISIBILITY}\]?(?P<quoted>{ASSIGNED})|(?P<attribute>{ATTRIBUTE})"
    rf"|(?P<listed>{LISTED})|(?P<within>{WITHIN})|(?P<part>{PART})))"
)
NOT_NAME = re.compile(r"[^\w.-]")
# What says nothing by itself, but after one or two words: "api key: …", "mot de passe: …".
LONE = frozenset({"key", "token", "code", "pin", "passe", "phrase", "string", "url", "khau", "sandi", "khẩu"})

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
}


class Pair(NamedTuple):
    """A name, how its value is joined to it, and where that begins."""

    name: str
    joined: str
    """`assigned`, `told`, `listed`, `element` or `part`."""
    between: str
    begin: int
    """Where the name begins."""
    value: int
    """Where the value begins, with its quote if it has one."""


def lowered(text: str) -> str:
    """Return `text` in small letters, each character at its place."""
    return text.replace("İ", "i").lower()


def pair_after(text: str, small: str, position: int) -> tuple[Pair | None, int] | None:
    """Return the next pair, and where to go on when it is none after all; None when no name follows `position`."""
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
    end = found.end("rest")
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
