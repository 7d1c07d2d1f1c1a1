"""Secrets in calls of code: a text that is handed to what takes a password or a key, whatever it looks like."""

from __future__ import annotations

import re

from booty.observability.text.secrets.joints import GAP
from booty.observability.text.secrets.names import Telling, judge
from booty.observability.text.secrets.places.place import Place
from booty.observability.text.secrets.values import is_harmless

LOGIN = re.compile(
    rf"((?:auth|login|credentials?|authenticat\w{{1,6}})\w{{0,12}}{GAP}=?{GAP}\({GAP}[bur]?[\"'][^\"'\n]{{0,100}}[\"'],{GAP}"
    r"[bur]?[\"'])[^\"'\n]++",
    re.IGNORECASE,
)
# What a directory's entry is bound with.
LDAP = re.compile(
    rf"((?:bind|connection)\w{{0,12}}{GAP}\((?:[^\n\"'()]{{0,60}},)?{GAP}[bur]?[\"'](?:cn|uid|mail|ou|dc)=[^\"'\n]{{0,200}}[\"'],{GAP}"
    r"[bur]?[\"'])[^\"'\n]++",
    re.IGNORECASE,
)
# The third of three texts: of a server, of a user, and what lets them in.
CONNECT = re.compile(
    rf"((?:connect(?:ion)?|mysqli|pdo){GAP}\({GAP}[bur]?[\"'][^\"'\n]{{0,200}}[\"'],{GAP}[bur]?[\"'][^\"'\n]{{0,100}}[\"'],{GAP}"
    rf"[bur]?[\"'])(?-i:(?![a-z_.-]{{0,64}}[\"']))[^\"'\n]++",
    re.IGNORECASE,
)
SECURE_STRING = re.compile(
    r"(ConvertTo-SecureString[^\S\n]{1,4}(?:-String[^\S\n]{1,4})?[\"'])[^\"'\n]++", re.IGNORECASE
)
VERBS = "set|with|use|put|save|store|change|update|reset|assign|check|verify|validate|compare|confirm|hash|make|encrypt"
# `setPassword("…")`, `keyring.set_password("shop", "ann", "…")`, `password_verify("…", hash)`: a verb before or behind.
HANDED = re.compile(
    rf"\b(?P<name>(?:(?:{VERBS})_?[a-z]\w{{1,40}}|\w{{2,40}}_?(?:hash|verify)))[^\S\n]?\((?P<told>[^()]{{1,300}}\)?)",
    re.IGNORECASE,
)
VERB = re.compile(rf"(?:{VERBS})(?:_|(?=[A-Z]))|_?(?:[Hh]ash|[Vv]erify)\Z")
# A default, an argument with a name and an index are none: those with a telling name are pairs.
LITERAL = re.compile(
    r"(?P<kept>[=\[][^\S\n]?)?(?P<quote>\\{0,4}[\"'`])(?P<value>(?:(?!(?P=quote))[^\n])*)(?:(?P=quote)|\Z)"
)


def _handed(found: re.Match[str]) -> str:
    name = VERB.sub("", found["name"])
    if name == found["name"] or judge(name) is not Telling.SECRET:
        return found[0]
    at = found.start("told") - found.start()
    return found[0][:at] + LITERAL.sub(_literal, found["told"])


def _literal(found: re.Match[str]) -> str:
    is_kept = found["kept"] or is_harmless(found["value"], Telling.SECRET)
    return found[0] if is_kept else found[0].replace(found["value"], "[redacted]", 1)


CALLS = (
    Place(("auth", "login", "credential"), LOGIN, r"\1[redacted]"),
    Place(("connect", "mysqli", "pdo"), CONNECT, r"\1[redacted]"),
    Place(("bind", "connection"), LDAP, r"\1[redacted]"),
    Place(("securestring",), SECURE_STRING, r"\1[redacted]"),
    Place(
        ("password(", "passwd(", "phrase(", "secret(", "key(", "token(", "pw(", "password_hash(", "password_verify("),
        HANDED,
        _handed,
    ),
)
