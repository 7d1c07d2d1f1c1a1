"""Text without the secrets in it: each is replaced by `[redacted]`, with its kind where the form tells it.

It is not an entropy guess: a git SHA, a UUID or a hash is what a reader needs, and stays. A secret is known by its own
form (`secret_shapes`) or by where it stands: in a URL, in a header, beside a telling name (`secret_names`). Source code
that only names a secret (`password = form["password"]`, `token: str`) stays as it is.

Redacting twice gives the same text as redacting once. All patterns are linear, as `secret_shapes` explains.
"""

from __future__ import annotations

import re

from booty.observability.secret_names import Telling, judge
from booty.observability.secret_shapes import SHAPES

HINTS = tuple((hint, shape) for shape in SHAPES for hint in shape.hints)

LIMIT = 16_000
"""Characters; what lies beyond is dropped, so that no input costs more than some milliseconds."""
PASSES = 3
"""A second pass finds what was glued to a secret (two keys without a space); the last one should change nothing."""

QUALIFIER = 16
"""Characters before a lone `key` or `token` in which the word that qualifies it is looked for."""

MASK = r"\[redacted[a-z0-9 ]{0,24}\]"
MASKED = re.compile(MASK)
GAP = r"[^\S\n]{0,4}"

# `://user:password@`, where the password may hold anything but a space, a quote or a slash, or, after a colon that
# starts no port, even slashes. The last `@` before the path counts; where the text was cut before it, its end does.
USER_INFO = re.compile(
    rf"://(?:(?:{MASK}|[^\s/?#\"'<>\\])*@|[^\s/:@?#\"'<>\\]{{0,64}}:(?!\d{{1,5}}[/?#])[^\s@?#\"'<>\\]{{1,100}}+@"
    r"|[^\s/:@?#\"'<>\\\[]{0,64}:(?!\d{1,5}(?!\w))[^\s@/?#\"'<>\\]{1,100}+\Z)"
)
# Every value of a query; `\u0026` is how Go and others write `&` in JSON.
QUERY_VALUE = re.compile(
    rf"((?:(?<=\S)\?|&(?:amp;)?|\\u0026)[\w.~\[\]%:-]{{1,64}}+=)(?:{MASK}|[^\s&#\"'<>\\`])++", re.ASCII
)

# A secret in a header; a cookie's value is recognised by its first `name=`.
COOKIE = re.compile(
    rf"(cookie\\{{0,4}}[\"']?{GAP}[:=,]{GAP}\\{{0,4}}[\"']?)(?=[\w.-]{{1,64}}=)[^\n\"'\\]++", re.IGNORECASE
)
AUTHORIZATION = re.compile(
    rf"(authorization\\{{0,4}}[\"']?\]?{GAP}[:=,]{GAP}[bu]?\\{{0,4}}[\"']?)(?:"
    r"((?:digest|hawk|signature|aws4-hmac-sha256)[^\S\n]{1,4})[^\n]++"
    r"|((?:bearer|basic|token|apikey|negotiate|ntlm|key)[^\S\n]{1,4})(?![{$%<])[^\n\"'\\]++)",
    re.IGNORECASE,
)
SCHEME = re.compile(
    r"(?<![A-Za-z])((?:bearer|basic)(?:[^\S\n]|%20|\+){1,3})(?!realm=)"
    # A word of prose ("Basic authentication") is no credential; neither is anything in small letters only.
    r"(?-i:(?![A-Z]?[a-z]{1,24}(?![\w.~+/=-]))(?=[a-z.~+/=_-]{0,64}[A-Z0-9]))[\w.~+/=-]{6,}+",
    re.ASCII | re.IGNORECASE,
)
CURL_USER = re.compile(r"((?<!\S)(?:-u|--user)[ =][\"']?[\w.@-]{1,64}:)[^\s\"']++")
SQL_PASSWORD = re.compile(rf"((?:identified by|password){GAP}[^\S\n]')[^'\n]++", re.IGNORECASE)
IN_PLACE = (
    ("authorization", AUTHORIZATION, r"\1\2\3[redacted]"),
    ("cookie", COOKIE, r"\1[redacted]"),
    ("bearer", SCHEME, r"\1[redacted]"),
    ("basic", SCHEME, r"\1[redacted]"),
    ("-u", CURL_USER, r"\1[redacted]"),
    (" '", SQL_PASSWORD, r"\1[redacted]"),
)

# `--password value`, `("password", "value")` and `<password>value</password>`.
NAMED = (
    re.compile(r"(?<![\w-])--(?P<name>[\w-]++)[^\S\n]{1,4}[\"']?(?!-)(?P<value>[^\s\"']++)"),
    re.compile(rf"[\[(][bu]?[\"'](?P<name>[\w.-]++)[\"'],{GAP}[bu]?([\"'])(?P<value>[^\"'\n]++)\2(?=[\])])"),
    re.compile(r"<(?P<name>[\w.:-]++)[^<>\n]{0,80}>(?P<value>[^<>\n]{1,400}+)(?=</)"),
)

# `name=value`, `"name": "value"`, `name => 'value'`, `data["name"] = "value"`, and the same escaped in JSON.
NAME = re.compile(
    rf"(?<![\w.-])(?P<name>[\w.-]++)(?:\\{{0,4}}[\"'`]\]?)?(?P<separator>{GAP}(?::=|=>|=(?![=~>])|:(?![:/=])){GAP})"
)
# What stands in a value's place in source code, templates and reports: a type, a call, a variable, nothing.
NO_VALUE = (
    r"(?:(?i:str|string|bytes|int|bool|boolean|number|any|object|optional|option|union|secretstr|list|promise|none"
    r"|null|nil|undefined|true|false|yes|no|unknown|required|missing|empty|redacted|filtered)(?![\w@#$%^&*+/-])"
    r"|(?:await|new|yield|not|lambda|async|return|function|typeof)[^\S\n]"
    r"|(?:self|this|cls|settings|config|conf|os|process|environ|env|request|req|args|kwargs|options|opts|params|data"
    r"|form|user|app|current_app|ctx|context|payload|secrets)(?:\??\.|->|\[)"
    r"|[A-Za-z_]\w{0,64}+(?:(?:\.|::|->)\w{1,64}+){0,8}[(\[]"
    r"|\$[{(]|\$[A-Z_]{2,40}(?![\w-])|%\(?\w{0,40}\)?s|\*{3}|[\[({<]|[,;)\]}]|[bBrRuUfF]{0,2}\\{0,4}[\"'`])"
)
# A bare value ends at a space, a quote, `;` or `&`; at a comma or a bracket only where those end something.
BARE = (
    rf"(?!{NO_VALUE})(?:{MASK}|[^\s;&\"'`,)\]}}<>|\\]"
    r"|[,)\]}](?![\s,;)\]}\"']|$|[\w.-]{1,40}+[=:])|\\(?![\"'nrt]))++"
)
# Interpolations and masks stand in quotes too, with at most one word (`Bearer {token}`) before them.
NO_QUOTED = (
    rf"(?:(?:[A-Za-z][\w-]{{0,20}}[ ]{{1,4}})?(?:{MASK}|\$?\{{[^}}\"'\n]{{0,80}}\}}{{1,2}}|%\(?\w{{0,40}}\)?s)"
    r"|\*{1,40}|\[Filtered\]|<[\w -]{0,40}>)?[\"'`\\]"
)
QUOTED = (
    r"[bBrRuUfF]{0,2}(?:"
    rf"\\{{1,4}}[\"'](?!{NO_QUOTED})(?P<escaped>(?:[^\"'\\\n]|\\(?![\"']))++)"
    rf"|\"(?:\"\")?(?!{NO_QUOTED})(?P<double>(?:[^\"\\\n]|\\.)++)"
    rf"|'(?:'')?(?!{NO_QUOTED})(?P<single>(?:[^'\\\n]|\\.)++)"
    rf"|`(?!{NO_QUOTED})(?P<ticked>[^`\n]++))"
)
VALUE = re.compile(rf"{QUOTED}|(?P<bare>{BARE})")
LOOKS_SECRET = re.compile(
    r"(?=[^A-Za-z]{0,64}[A-Za-z])(?=\D{0,64}\d).{5}|\d{6}|[^a-z]{0,64}[a-z]{1,64}+[A-Z].{6}|.{16}"
)


def redact(text: str) -> str:
    """Return `text`, at most its first `LIMIT` characters, with `[redacted]` for every secret that can be told."""
    text = text[:LIMIT]
    for _ in range(PASSES):
        before, text = text, _mask_pairs(_mask_places(_mask_forms(text)))
        if text == before:
            break
    return text


def _mask_forms(text: str) -> str:
    for shape in dict.fromkeys(shape for hint, shape in HINTS if hint in text):
        text = shape.pattern.sub(f"[redacted {shape.kind}]", text)
    return text


def _mask_places(text: str) -> str:
    if "://" in text:
        text = USER_INFO.sub("://[redacted]@", text)
    if "=" in text:
        text = QUERY_VALUE.sub(r"\1[redacted]", text)
    lowered = text.lower()
    for hint, pattern, replacement in IN_PLACE:
        if hint in lowered:
            text = pattern.sub(replacement, text)
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
    if name["name"].lower() in {"key", "token"}:
        telling = judge(text[max(0, name.start() - QUALIFIER) : name.end("name")])  # "api key: …"
    if telling is Telling.NOTHING or not (value := VALUE.match(text, name.end())):
        return None
    kind = str(value.lastgroup)
    is_prose = kind == "bare" and name["separator"] != "=" and not LOOKS_SECRET.match(value[0])
    if MASKED.fullmatch(value[kind]) or (telling is Telling.PERHAPS and is_prose):
        return None
    return value.span(kind)
