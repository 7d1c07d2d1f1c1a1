"""How a value is joined to its name, in the many ways in which people write pairs.

Patterns, of which `pairs` makes one: each matches what lies between a name and its value.
"""

from __future__ import annotations

from booty.observability.text.secrets.values import QUOTE

GAP = r"[^\S\n]{0,40}"
EQUALS = r"(?:(?:%(?:25){0,2}3[da](?:%20)?|;s:\d{1,6}:|\\u003[da]|&#(?:61|58|x3d|x3a);)|[：＝])"  # noqa: RUF001 - full-width ones are meant
# What lies between when the value is not on the line of its name: YAML's block and next line, a dump of PHP.
BELOW = (
    r"(?:[|>][+-]?\d?[^\S\n]{0,4}(?:\n\s{0,40}|[^\S\n])|\n?[^\S\n]{0,40}string\(\d{1,6}\)[^\S\n]{1,4}"
    r"|\n[^\S\n]{1,40}(?=[^\s:#-]\S{0,400}(?<![:{\[(,])[^\S\n]{0,4}(?:\n|\Z))|\n[^\S\n]{0,40}(?=[\"']))?"
)
TYPED = r":[^\S\n]{0,4}[a-z][\w.|\[\] ]{0,40}=(?=[^\S\n]{0,4}[\"'])"
COMPARED = r"(?:={2,3}|!={1,2}|<>|->|\|\||\?\?|(?:like|in)\b[^\S\n]?\(?)(?=[^\S\n]{0,4}[\"'])"
REJECTED = r":[^\S\n]{0,4}(?:rejected|invalid|actual|input)[^\S\n]value:?[^\S\n]{0,4}\[?"
# A name in bold, with the sign outside or inside: `**password**: …`, `<b>Password:</b> …`.
BOLD = r"(?:\*{1,2}|</\w{1,10}>)?"
SIGN = rf"(?:{TYPED}|{COMPARED}|{REJECTED}|:=|=>|→|=(?![=~>])|::(?=[^\S\n])|:(?![:/=])|{EQUALS})"
ASSIGNED = rf"{BOLD}{GAP}{SIGN}{BOLD}{GAP}{BELOW}"
# In prose and commands nothing lies between: only what has letters and digits is a value there.
TOLD = (
    r"(?:[^\S\n]{1,4}|(?=, got ))"
    r"(?:(?:for|of)[^\S\n](?:user[^\S\n])?[\"']?[\w.@-]{1,40}[\"']?(?=[^\S\n](?:is|was|to|[:=])[^\S\n])[^\S\n])?"
    r"(?:(?:(?:is|was|set to|to be|to|, got|as|provided|received|supplied|given|used):?|->|=|:|\||\.)[^\S\n]{1,2})?"
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
ATTRIBUTE = (
    rf"[^<>\n{{}}]{{0,120}}?\b(?:value|val|content|v|received|input|rejected_?value){QUOTE}?"
    r"[^\S\n]{0,4}(?:=>|[=:])[^\S\n]{0,4}"
)
PART = r"(?:;[^\n]{0,80})?(?:\\r|\\n|\s){1,8}(?:content-[^\n]{0,80}(?:\\r|\\n|\s){1,8}){0,2}"
BELOW_NAME = r"\s{1,40}value:[^\S\n]{1,4}"
# `["password":protected]=>`, as PHP dumps an object.
VISIBILITY = r"(?::(?:protected|\"?[\w\\]{1,60}\"?:private))?"
