"""Secrets in what the web carries: addresses, headers, links."""

from __future__ import annotations

import re

from booty.observability.text.secrets.joints import GAP
from booty.observability.text.secrets.places.place import Place
from booty.observability.text.secrets.values import MASK

# Go's `user:password@tcp(host)`.
GO_LOGIN = re.compile(r"(?<![\w:])([\w.-]{1,60}:)[^\s\"'<>]{1,100}?(?=@(?:tcp|unix|cloudsql)\d?\()")
# `://user:password@`, where the password may hold anything but a space, a quote or a slash, or, after a colon that
# starts no port, even slashes. The last `@` before the path counts; where the text was cut before it, its end does.
# What is masked is read in one way alone: with two, thirty of them without an `@` would take for ever.
USER_INFO = re.compile(
    rf"://(?!git@)(?:(?:{MASK}|(?!{MASK})[^\s/?#\"'<>\\])*@|[^\s/:@?#\"'<>\\]{{0,64}}:(?!\d{{1,5}}[/?#])[^\s@?#\"'<>\\]{{1,100}}+@"
    r"|[^\s/:@?#\"'<>\\\[]{0,64}:(?!\d{1,5}(?!\w))[^\s@/?#\"'<>\\]{1,100}+\Z)"
)
# The same with its slashes or its `@` escaped, as JSON may have them; and without a scheme, where a port shows it.
ESCAPED_USER_INFO = re.compile(r"(:(?:\\?/){2})[^\s/?#\"'<>\\\[]{1,200}(?=@|\\u0040)")
BARE_USER_INFO = re.compile(
    r"(?<![\w:/@.-])([\w.-]{1,64}:)(?=[^\s@0-9]{0,64}[0-9])[^\s:@/\"'<>]{5,100}(?=@[\w.-]{1,100}:\d{2,5}(?![\w.]))"
)
# The same percent-encoded, once or more, as an address appears in another's query; and Oracle's `user/password@`.
ENCODED_USER_INFO = re.compile(
    r"(%(?:25){0,2}3a(?:%(?:25){0,2}2f){2})[^\s/@&\"'<>]{1,200}?(?=%(?:25){0,2}40)", re.IGNORECASE
)
ORACLE_LOGIN = re.compile(r"(jdbc:oracle:[a-z]{1,8}:)[^\s/@\"'<>]{1,64}/[^\s@\"'<>]{1,100}+(?=@)")
# Every value of a query but a small number, such as `page=2`; `\u0026` is how Go and others write `&` in JSON.
QUERY_VALUE = re.compile(
    rf"((?:(?<!\s)\?|&(?:amp;)?|\\u0026)[\w.~\[\]%:-]{{1,64}}+=)(?!\d{{1,3}}(?![^\s&#\"'<>\\`])(?<!cv[vc]=\d{{3}}))"
    rf"(?>(?:{MASK}|[^\s&#\"'<>\\`])+)",
    re.ASCII | re.DOTALL,
)
# The same percent-encoded; and behind `#`, where an address has a name only for what a login hands over.
ENCODED_QUERY_VALUE = re.compile(
    rf"(%(?:25){{0,2}}(?:3f|26)[\w.~-]{{1,64}}%(?:25){{0,2}}3d)(?!\d{{1,3}}(?!\w))"
    rf"(?>(?:{MASK}|[^\s&#\"'<>\\`%]|%(?!(?:25){{0,2}}2[36]))+)",
    re.ASCII | re.IGNORECASE,
)
FRAGMENT_VALUE = re.compile(
    r"((?<=[\w/])#[\w-]{1,40}=)(?=[^\s0-9]{0,64}[0-9])(?=[^\sA-Za-z]{0,64}[A-Za-z])[\w.%+/~-]{16,}+", re.ASCII
)
# A secret in a header; a cookie's value is recognised by its first `name=`.
COOKIE = re.compile(
    rf"(cookie\d?\\{{0,4}}[\"']?{GAP}[:=,]{GAP}\[?[bu]?\\{{0,4}}[\"']?|<cookie[^\S\n])(?=[\w.$-]{{1,64}}=)"
    rf"(?>(?:{MASK}|(?<==)[\"'][^\"'\n]{{1,4000}}[\"']|[^\n\"'\\\]])+)",
    re.IGNORECASE,
)
REST = rf"(?>(?:{MASK}|[^\n\"'\\\]])"
AUTHORIZATION = re.compile(
    rf"(authorization\\{{0,4}}[\"']?\]?{GAP}[:=,]{GAP}(?:\[{GAP})?[bu]?\\{{0,4}}[\"']?)(?:"
    r"((?:digest|hawk|signature|aws4-hmac-sha256)[^\S\n]{1,4})[^\n]++"
    rf"|((?:bearer|basic|token|api-?key|negotiate|ntlm|key)[^\S\n]{{1,4}})(?![{{$%<]){REST}+)"
    r"|((?!(?:header|is|was|missing|invalid)\b)[a-z][\w-]{1,20}[^\S\n]{1,4})(?=[^\s\"'0-9]{0,64}[0-9])"
    rf"(?![{{$%<]){REST}{{8,}}))",
    re.IGNORECASE,
)
SCHEME = re.compile(
    r"([BbSs](?:(?<![A-Za-z].)|(?<=\\[nrt].))(?:earer|asic|sws)(?:[^\S\n]|%20|\+){1,3})(?!realm=)"
    # A word of prose ("Basic authentication") is not a credential; nor is a short lowercase one.
    r"(?-i:(?![A-Z]?[a-z]{1,16}(?![\w.~+/=-]))(?=[a-z.~+/=_-]{0,19}(?:[A-Z0-9]|[\w.~+/=-]{20})))[\w.~+/=-]{6,}+",
    re.ASCII | re.IGNORECASE,
)
# A link that lets in whoever has it, as it is mailed.
LINK = re.compile(
    r"(/(?:password[-_]?)?(?:reset|verify|confirm|activate|invite|magic|unsubscribe)(?:[-_]?(?:password|email|link|token))?"
    r"(?:/[\w-]{1,12}){0,2}/)(?=[^\s/0-9]{0,64}[0-9])(?=[^\s/A-Za-z]{0,64}[A-Za-z])[\w.-]{20,}+",
    re.IGNORECASE,
)
# What a client says of a header with a line's end in it, most often a key read from a file, and of the port that it
# takes the rest of an address for whose password has a sign in it.
HEADER_VALUE = re.compile(
    r"(header value:?[^\S\n]{1,2}\(?[bur]?(?P<quote>[\"']))(?>(?:(?!(?P=quote))[^\n])+)", re.IGNORECASE
)
PORT = re.compile(
    r"((?:(?:nonnumeric|invalid) port:|integer value as)[^\S\n]{1,2}[bur]?[\"'])(?!\d{1,7}[\"'])[^\"'\n]++",
    re.IGNORECASE,
)

WEB = (
    Place(("://",), USER_INFO, "://[redacted]@"),
    Place(("@tcp", "@unix", "@cloudsql"), GO_LOGIN, r"\1[redacted]"),
    Place(("@",), BARE_USER_INFO, r"\1[redacted]"),
    Place(("jdbc:oracle:",), ORACLE_LOGIN, r"\1[redacted]"),
    Place(("?", "&", "\\u0026"), QUERY_VALUE, r"\1[redacted]"),
    Place(("#",), FRAGMENT_VALUE, r"\1[redacted]"),
    Place(("header value",), HEADER_VALUE, r"\1[redacted]"),
    Place(("nonnumeric port:", "invalid port:", "integer value as"), PORT, r"\1[redacted]"),
    Place(("authorization",), AUTHORIZATION, r"\1\2\3\4[redacted]"),
    Place(("cookie",), COOKIE, r"\1[redacted]"),
    Place(("bearer", "basic", "ssws"), SCHEME, r"\1[redacted]"),
    Place(("reset", "verify", "confirm", "activate", "invite", "magic", "unsubscribe"), LINK, r"\1[redacted]"),
)
ENCODED_WEB = (
    Place((":\\/\\/", "\\u0040"), ESCAPED_USER_INFO, r"\1[redacted]"),
    Place(("2f%2f", "2f%252f", "2f%25252f"), ENCODED_USER_INFO, r"\1[redacted]"),
    Place(("%3d", "%253d", "%25253d"), ENCODED_QUERY_VALUE, r"\1[redacted]"),
)
"""They have a percent sign or a backslash."""
