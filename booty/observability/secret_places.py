"""Where a secret stands that its form does not give away: in a URL, a header, a command, beside a name in quotes.

`name=value` pairs are left to `redaction`, which reads them one by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from booty.observability.secret_values import MASK

GAP = r"[^\S\n]{0,40}"


@dataclass(frozen=True, slots=True)
class Place:
    """One kind of place; `pattern` is tried only where one of `hints` occurs in the text put in small letters."""

    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    masked: str
    """What stands there afterwards, as `re.sub` takes it."""


# `://user:password@`, where the password may hold anything but a space, a quote or a slash, or, after a colon that
# starts no port, even slashes. The last `@` before the path counts; where the text was cut before it, its end does.
USER_INFO = re.compile(
    rf"://(?:(?:{MASK}|[^\s/?#\"'<>\\])*@|[^\s/:@?#\"'<>\\]{{0,64}}:(?!\d{{1,5}}[/?#])[^\s@?#\"'<>\\]{{1,100}}+@"
    r"|[^\s/:@?#\"'<>\\\[]{0,64}:(?!\d{1,5}(?!\w))[^\s@/?#\"'<>\\]{1,100}+\Z)"
)
# The same percent-encoded, as an address stands in another's query; and Oracle's `user/password@`.
ENCODED_USER_INFO = re.compile(r"(%3a%2f%2f)[^\s/@&\"'<>]{1,200}?%40", re.IGNORECASE)
ORACLE_LOGIN = re.compile(r"(jdbc:oracle:[a-z]{1,8}:)[^\s/@\"'<>]{1,64}/[^\s@\"'<>]{1,100}+(?=@)")
# Every value of a query; `\u0026` is how Go and others write `&` in JSON.
QUERY_VALUE = re.compile(
    rf"((?:(?<=\S)\?|&(?:amp;)?|\\u0026)[\w.~\[\]%:-]{{1,64}}+=)(?>(?:{MASK}|[^\s&#\"'<>\\`])+)", re.ASCII
)

# A secret in a header; a cookie's value is recognised by its first `name=`.
COOKIE = re.compile(
    rf"(cookie\\{{0,4}}[\"']?{GAP}[:=,]{GAP}\\{{0,4}}[\"']?)(?=[\w.-]{{1,64}}=)[^\n\"'\\]++", re.IGNORECASE
)
AUTHORIZATION = re.compile(
    rf"(authorization\\{{0,4}}[\"']?\]?{GAP}[:=,]{GAP}[bu]?\\{{0,4}}[\"']?)(?:"
    r"((?:digest|hawk|signature|aws4-hmac-sha256)[^\S\n]{1,4})[^\n]++"
    r"|((?:bearer|basic|token|api-?key|negotiate|ntlm|key)[^\S\n]{1,4})(?![{$%<])[^\n\"'\\]++)",
    re.IGNORECASE,
)
SCHEME = re.compile(
    r"(?:(?<![A-Za-z])|(?<=\\[nrt]))((?:bearer|basic)(?:[^\S\n]|%20|\+){1,3})(?!realm=)"
    # A word of prose ("Basic authentication") is no credential; neither is a short one in small letters only.
    r"(?-i:(?![A-Z]?[a-z]{1,16}(?![\w.~+/=-]))(?=[a-z.~+/=_-]{0,19}(?:[A-Z0-9]|[\w.~+/=-]{20})))[\w.~+/=-]{6,}+",
    re.ASCII | re.IGNORECASE,
)
CURL_USER = re.compile(r"((?<!\S)(?:-u|--user)[ =][\"']?[\w.@-]{1,64}:)[^\s\"']++")
SHORT_FLAG = re.compile(
    r"((?:sshpass|mysql[a-z]{0,8}|mariadb|redis-cli|mongo[a-z]{0,7}|docker login)\b[^\n]{0,80}?[^\S\n]-[pa][^\S\n]?)"
    r"[^\s-][^\s\"']++"
)
LOGIN = re.compile(rf"(auth{GAP}={GAP}\({GAP}[\"'][^\"'\n]{{0,100}}[\"'],{GAP}[\"'])[^\"'\n]++", re.IGNORECASE)
# In prose, without a separator: only what has letters and digits, and is as long as keys are.
TOLD = re.compile(
    r"((?:passw(?:or)?d|(?P<long>(?:api|access|secret|private)[ _-]?key|token|secret))[^\S\n]{1,4}"
    r"(?:(?:is|was)[^\S\n])?[\"'`]?)"
    r"(?=[^\s\d]{0,40}\d)(?=[^\sA-Za-z]{0,40}[A-Za-z])(?(long)[\w+/=.~-]{20,}+|[^\s\"'=:,;<>(){}\[\]]{5,}+)",
    re.IGNORECASE,
)
SQL_PASSWORD = re.compile(rf"((?:identified by|password){GAP}[^\S\n]')[^'\n]++", re.IGNORECASE)
PLACES = (
    Place(("://",), USER_INFO, "://[redacted]@"),
    Place(("%3a%2f%2f",), ENCODED_USER_INFO, r"\1[redacted]%40"),
    Place(("jdbc:oracle:",), ORACLE_LOGIN, r"\1[redacted]"),
    Place(("=",), QUERY_VALUE, r"\1[redacted]"),
    Place(("authorization",), AUTHORIZATION, r"\1\2\3[redacted]"),
    Place(("cookie",), COOKIE, r"\1[redacted]"),
    Place(("bearer", "basic"), SCHEME, r"\1[redacted]"),
    Place(("auth",), LOGIN, r"\1[redacted]"),
    Place(("-u",), CURL_USER, r"\1[redacted]"),
    Place(("sshpass", "mysql", "mariadb", "redis-cli", "mongo", "docker login"), SHORT_FLAG, r"\1[redacted]"),
    Place(("passw", "token", "secret", "key"), TOLD, r"\1[redacted]"),
    Place((" '",), SQL_PASSWORD, r"\1[redacted]"),
)

# `--password value`, `("password", "value")`, `<password>value</password>` and `name="password" value="value"`.
NAMED = (
    re.compile(r"(?:(?<![\w-])|(?<=\\[nrt]))--(?P<name>[\w-]++)[^\S\n]{1,4}[\"']?(?!-)(?P<value>[^\s\"']++)"),
    re.compile(rf"[\[(][bu]?[\"'](?P<name>[\w.-]++)[\"'],{GAP}[bu]?([\"'])(?P<value>[^\"'\n]++)\2(?=[\])])"),
    re.compile(r"<(?P<name>[\w.:-]++)[^<>\n]{0,80}>(?P<value>[^<>\n]{1,400}+)(?=</)"),
    re.compile(
        r"(?:(?<![\w-])|(?<=\\[nrt]))(?:name|key)=[\"'](?P<name>[\w.:-]++)[\"']\s{1,4}value=[\"'](?P<value>[^\"'<>\n]++)",
        re.IGNORECASE,
    ),
)
