"""Where a secret stands that its form does not give away: in a URL, a header, a command, beside a name in quotes.

`name=value` pairs are left to `redaction`, which reads them one by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from booty.observability.text.secrets.pairs import GAP
from booty.observability.text.secrets.values import MASK, QUOTE


@dataclass(frozen=True, slots=True)
class Place:
    """One kind of place; `pattern` is tried near its `hints`, in small letters where it takes any case."""

    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    masked: str
    """What stands there afterwards, as `re.sub` takes it."""


# Go's `user:password@tcp(host)`.
GO_LOGIN = re.compile(r"(?<![\w:])([\w.-]{1,60}:)[^\s\"'<>]{1,100}?(?=@(?:tcp|unix|cloudsql)\d?\()")
# `://user:password@`, where the password may hold anything but a space, a quote or a slash, or, after a colon that
# starts no port, even slashes. The last `@` before the path counts; where the text was cut before it, its end does.
USER_INFO = re.compile(
    rf"://(?:(?:{MASK}|[^\s/?#\"'<>\\])*@|[^\s/:@?#\"'<>\\]{{0,64}}:(?!\d{{1,5}}[/?#])[^\s@?#\"'<>\\]{{1,100}}+@"
    r"|[^\s/:@?#\"'<>\\\[]{0,64}:(?!\d{1,5}(?!\w))[^\s@/?#\"'<>\\]{1,100}+\Z)"
)
# The same percent-encoded, as an address stands in another's query; and Oracle's `user/password@`.
ENCODED_USER_INFO = re.compile(r"(%3a%2f%2f)[^\s/@&\"'<>]{1,200}?%40", re.IGNORECASE)
ORACLE_LOGIN = re.compile(r"(jdbc:oracle:[a-z]{1,8}:)[^\s/@\"'<>]{1,64}/[^\s@\"'<>]{1,100}+(?=@)")
# Every value of a query but a small number, such as `page=2`; `\u0026` is how Go and others write `&` in JSON.
QUERY_VALUE = re.compile(
    rf"((?:(?<=\S)\?|&(?:amp;)?|\\u0026)[\w.~\[\]%:-]{{1,64}}+=)(?!\d{{1,3}}(?![^\s&#\"'<>\\`])(?<!cv[vc]=\d{{3}}))"
    rf"(?>(?:{MASK}|[^\s&#\"'<>\\`])+)",
    re.ASCII | re.DOTALL,
)

# A secret in a header; a cookie's value is recognised by its first `name=`.
COOKIE = re.compile(
    rf"(cookie\\{{0,4}}[\"']?{GAP}[:=,]{GAP}\\{{0,4}}[\"']?)(?=[\w.-]{{1,64}}=)[^\n\"'\\]++", re.IGNORECASE
)
AUTHORIZATION = re.compile(
    rf"(authorization\\{{0,4}}[\"']?\]?{GAP}[:=,]{GAP}[bu]?\\{{0,4}}[\"']?)(?:"
    r"((?:digest|hawk|signature|aws4-hmac-sha256)[^\S\n]{1,4})[^\n]++"
    r"|((?:bearer|basic|token|api-?key|negotiate|ntlm|key)[^\S\n]{1,4})(?![{$%<])[^\n\"'\\]++"
    r"|((?!(?:header|is|was|missing|invalid)\b)[a-z][\w-]{1,20}[^\S\n]{1,4})(?=[^\s\"'0-9]{0,64}[0-9])(?![{$%<])[^\n\"'\\]{8,}+)",
    re.IGNORECASE,
)
SCHEME = re.compile(
    r"([BbSs](?:(?<![A-Za-z].)|(?<=\\[nrt].))(?:earer|asic|sws)(?:[^\S\n]|%20|\+){1,3})(?!realm=)"
    # A word of prose ("Basic authentication") is no credential; neither is a short one in small letters only.
    r"(?-i:(?![A-Z]?[a-z]{1,16}(?![\w.~+/=-]))(?=[a-z.~+/=_-]{0,19}(?:[A-Z0-9]|[\w.~+/=-]{20})))[\w.~+/=-]{6,}+",
    re.ASCII | re.IGNORECASE,
)
# `-u name:password` of curl, `-U name%password` of Samba.
CURL_USER = re.compile(
    r"(-(?<!\S.)(?:u|U|a|-?auth|-user|-proxy-user|-http-user)[ =][\"']?[\w.@\\-]{1,64}[:%,])"
    r"(?!/|\d{1,6}(?!\S))[^\s\"']++"
)
# Programs that take a password behind a flag of one letter, some of them without a space.
PROGRAMS = (
    r"sshpass|mysql\w{0,8}|mariadb[\w-]{0,8}|redis-cli|mongo\w{0,7}|(?:docker|podman|registry|az|cf|oc)[^\S\n]login|cqlsh"
    r"|clickhouse-client|influx|sqlcmd|bcp|isql|ldap\w{3,8}|smbclient|rpcclient|u?n?zip|7za?|plink|pscp|psftp|rabbitmqctl"
)
SHORT_FLAG = re.compile(
    rf"((?<![\w.-])(?:{PROGRAMS})\b[^\n]{{0,80}}?[^\S\n]-(?:[paPw][^\S\n]|pw[^\S\n]|p(?=[^\s\d-]\S{{5}}))[\"']?)"
    r"(?![-/])[^\s\"']{2,}+"
)
# `-pass pass:…` and `-storepass …`, which have one dash.
LONG_FLAG = re.compile(
    r"(-(?<![\w-].)(?:pass(?:in|out|word|phrase|wd)?|(?:src|dest|deststore)?(?:store|key)pass|pw|secret|token|api-?key)"
    r"(?:[^\S\n]{1,3}|[=:])[\"']?(?:pass:)?)(?![-$<{]|env:|file:|stdin|pass:)[^\s\"']{4,}+",
    re.IGNORECASE,
)
# What a pipe gives to a program that reads a password.
PIPED = re.compile(
    r"(echo[^\S\n]{1,3}(?:-n[^\S\n])?[\"']?(?:[\w.-]{1,40}:)?)(?![${])[^\s\"'|:]{3,}+(?=[\"']?[^\S\n]{1,3}\|[^\S\n]{1,3}(?:sudo\b"
    r"|passwd|chpasswd|docker login|podman login|kinit|cryptsetup|gh auth|su\b|gpg|openssl|smbclient))"
)
LOGIN = re.compile(
    rf"((?:auth|login|credentials?|authenticat\w{{1,6}})\w{{0,12}}{GAP}=?{GAP}\({GAP}[bur]?[\"'][^\"'\n]{{0,100}}[\"'],{GAP}"
    r"[bur]?[\"'])[^\"'\n]++",
    re.IGNORECASE,
)
SECURE_STRING = re.compile(
    r"(ConvertTo-SecureString[^\S\n]{1,4}(?:-String[^\S\n]{1,4})?[\"'])[^\"'\n]++", re.IGNORECASE
)
# To the quote that ends it: one that a letter follows stands inside, and so does a doubled one.
SQL_TEXT = r"(?>(?:[^'\n]|''|'(?=\w))+)"
SQL_PASSWORD = re.compile(
    rf"((?:identified[^\S\n][^'\n]{{0,60}}?\b(?:by|as|using)(?:[^\S\n](?:password|values))?|password){GAP}[^\S\n][NE]?')"
    rf"{SQL_TEXT}",
    re.IGNORECASE,
)
SQL_FUNCTION = re.compile(rf"((?:\bPASSWORD|\bpassword|ENCRYPT|\bcrypt){GAP}\({GAP}')(?!,){SQL_TEXT}")
# The values of a row that has a telling column: which of them is its, nobody counts.
SQL_ROW = re.compile(
    r"(insert[^\S\n]{1,4}into\s[^()\n]{1,100}\([^()]{0,300}?(?:passw|pwd|secret|token|api_?key)[^()]{0,300}\)\s{0,40}values"
    r"\s{0,40}\()(?=[^()]{0,80}['\"])[^()]{1,600}+",
    re.IGNORECASE,
)
SQL_CIPHER = re.compile(
    r"((?:pgp_sym|aes)_(?:en|de)crypt(?:_bytea)?\([^()\n]{0,200}?,[^\S\n]{0,4}')(?!,)" + SQL_TEXT, re.IGNORECASE
)
SET_PASSWORD = re.compile(
    rf"(set[^\S\n]{{1,4}}password[^\S\n][^=\n]{{0,100}}={GAP}(?:(?:old_)?password{GAP}\({GAP})?')(?!,){SQL_TEXT}",
    re.IGNORECASE,
)
# Commands of Redis and of the old protocols (FTP, POP3, IMAP, SMTP, IRC), and of routers.
REDIS = re.compile(
    r"((?:requirepass|masterauth|auth-pass[^\S\n]{1,4}[\w.-]{1,64})[\"']?[^\S\n]{1,4}[\"']?|setuser[^\S\n][^\n]{0,60}?[^\S\n]>)"
    r"(?![\"'{$<])[^\s\"']++",
    re.IGNORECASE,
)
AUTH = re.compile(
    r"(\bAUTH[\"']?[^\S\n]{1,2}(?:[\"']?(?:PLAIN|LOGIN|XOAUTH2|CRAM-MD5|default|[a-z]\w{0,30})[\"']?[^\S\n]{1,2})?[\"']?)"
    r"(?=[^\s0-9]{0,64}[0-9])(?=[^\sA-Za-z]{0,64}[A-Za-z])[^\s\"',;)]{6,}+"
)
PASS = re.compile(r"(\bPASS[^\S\n]:?)(?=[^\s0-9]{0,64}[0-9])(?![\w.-]*/|\w*\.\w{1,4}\b)[^\s\"',;()]{4,}+")
IMAP = re.compile(r"(\b\w{0,8}\d[^\S\n]LOGIN[^\S\n][\"']?[^\s\"']{1,64}[\"']?[^\S\n][\"']?)[^\s\"']++")
ROUTER = re.compile(r"((?:password|secret|key)[^\S\n][056789][^\S\n])[^\s]{4,}+", re.IGNORECASE)
NET_USE = re.compile(
    r"((?:net[^\S\n]{1,3}user[^\S\n]{1,3}[\w.-]{1,40}|vault login|:IDENTIFY|snmp-server community"
    r"|/user:[\w.\\@-]{1,60})[^\S\n]{1,3})(?![/-])[^\s]{4,}+",
    re.IGNORECASE,
)
SQL_QUOTED = re.compile(
    r"((?:identified[^\S\n]by|user[^\S\n][^\n]{1,80}[^\S\n]password)[^\S\n]{1,4}\")[^\"\n]++", re.IGNORECASE
)
# A line of PostgreSQL's password file: host, port, database, user, password.
PGPASS = re.compile(r"((?<![\w.*-])[\w.*-]{1,80}:(?:\d{4,5}|\*):[\w.*-]{1,64}:[\w.@*-]{1,64}:)[^\s:]{3,}+(?![:\w])")
# A link that lets in whoever has it, as it is mailed.
LINK = re.compile(
    r"(/(?:password[-_]?)?(?:reset|verify|confirm|activate|invite|magic|unsubscribe)(?:[-_]?(?:password|email|link|token))?"
    r"(?:/[\w-]{1,12}){0,2}/)(?=[^\s/0-9]{0,64}[0-9])(?=[^\s/A-Za-z]{0,64}[A-Za-z])[\w.-]{20,}+",
    re.IGNORECASE,
)
# A key as JSON (RFC 7517): its private numbers have names of one or two letters.
JWK = re.compile(rf"({QUOTE}(?:d|p|q|dp|dq|qi|k){QUOTE}[^\S\n]{{0,4}}:\s{{0,8}}{QUOTE})[\w+/=-]{{16,}}+")
PLACES = (
    Place(("://",), USER_INFO, "://[redacted]@"),
    Place(("@tcp", "@unix", "@cloudsql"), GO_LOGIN, r"\1[redacted]"),
    Place(("%3a%2f%2f",), ENCODED_USER_INFO, r"\1[redacted]%40"),
    Place(("jdbc:oracle:",), ORACLE_LOGIN, r"\1[redacted]"),
    Place(("=",), QUERY_VALUE, r"\1[redacted]"),
    Place(("authorization",), AUTHORIZATION, r"\1\2\3\4[redacted]"),
    Place(("cookie",), COOKIE, r"\1[redacted]"),
    Place(("bearer", "basic", "ssws"), SCHEME, r"\1[redacted]"),
    Place(('("', "('", "( ", "(b", "(u", "(r"), LOGIN, r"\1[redacted]"),
    Place(("-u", "-U", "-a ", "-auth", "-user", "-proxy-user", "-http-user"), CURL_USER, r"\1[redacted]"),
    Place((" -p", " -P", " -a", " -w"), SHORT_FLAG, r"\1[redacted]"),
    Place(("-pass", "storepass", "keypass", "-pw", "-secret", "-token", "-api"), LONG_FLAG, r"\1[redacted]"),
    Place(("echo ",), PIPED, r"\1[redacted]"),
    Place(("securestring",), SECURE_STRING, r"\1[redacted]"),
    Place(("identified", "password '", "password  ", "password n'", "password e'"), SQL_PASSWORD, r"\1[redacted]"),
    Place(("PASSWORD(", "PASSWORD (", "password(", "ENCRYPT(", "crypt("), SQL_FUNCTION, r"\1[redacted]"),
    Place(("values",), SQL_ROW, r"\1[redacted]"),
    Place(("crypt(", "crypt_bytea("), SQL_CIPHER, r"\1[redacted]"),
    Place(("set password",), SET_PASSWORD, r"\1[redacted]"),
    Place(("requirepass", "masterauth", "auth-pass", "setuser"), REDIS, r"\1[redacted]"),
    Place(("AUTH",), AUTH, r"\1[redacted]"),
    Place(("PASS ",), PASS, r"\1[redacted]"),
    Place((" LOGIN ",), IMAP, r"\1[redacted]"),
    Place(
        tuple(f"{word} {kind}" for word in ("password", "secret", "key") for kind in "056789"), ROUTER, r"\1[redacted]"
    ),
    Place(("net user", "vault login", ":identify", "server community", "/user:"), NET_USE, r"\1[redacted]"),
    Place(('by "', 'password "'), SQL_QUOTED, r"\1[redacted]"),
    Place((":5432:", ":5433:", ":6432:", ":6543:", ":*:"), PGPASS, r"\1[redacted]"),
    Place(("reset", "verify", "confirm", "activate", "invite", "magic", "unsubscribe"), LINK, r"\1[redacted]"),
    Place(("kty",), JWK, r"\1[redacted]"),
)


@dataclass(frozen=True, slots=True)
class Named:
    """A name and its value where `secret_pairs` cannot tell them; `pattern` has groups of those names."""

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
