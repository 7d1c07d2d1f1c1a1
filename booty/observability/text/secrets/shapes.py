"""What secrets look like that give themselves away by their form.

Not those that begin with a sign of their issuer, which `signed` finds, nor those that are only beside a telling name.

Every pattern is linear: a run of unknown length is possessive (`++`, `*+`, `{n,}+`), so it is read once and never
given back, and whatever can fail after a start fails within a fixed number of characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """One form of secret without a sign at its beginning; `pattern` is tried only where one of `hints` occurs."""

    kind: str
    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    run: int = 0
    """In all that it finds, at least as many characters of `signed.RUN` follow each other."""


LONG, LONGER = 32, 50
"""Most texts have no run of as many characters; an id of 32 or 36 is none of the longer ones."""


def _formed(kind: str, hints: str, pattern: str, *, run: int = 0) -> Shape:
    """Return a shape; `hints` are separated by spaces, and without one any text is searched."""
    signs = tuple(hints.split()) or ("",)
    return Shape(kind, signs, re.compile(pattern, re.ASCII), run)


_long, _longer = partial(_formed, run=LONG), partial(_formed, run=LONGER)


# The character before it begins a word: the `n` of an escaped line end (`\n`) is in none. It is asked for after that
# character was found, because searching for a character is fast.
BEGUN = r"(?:(?<![A-Za-z0-9][\s\S])|(?<=\\[nrt][\s\S]))"
AWS_ID = r"(?:AKIA|ASIA)[A-Z0-9]{16}"
PEM = r"(?:(?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)?|OpenVPN Static key V1)"

BLOCKS = (
    # Up to its END line; to the next dashes where the END is missing, or else to the end of the text.
    _formed(
        "private key",
        "-----BEGIN",
        rf"-----BEGIN {PEM}-----[^-]*+(?>(?:-(?!----)[^-]*+)*)(?:-----END [A-Za-z0-9 ]{{0,48}}-----)?",
    ),
    _formed(
        "private key", "SSH2", r"---- BEGIN SSH2 (?:ENCRYPTED )?PRIVATE KEY ----[^-]*+(?:---- END [A-Z0-9 ]{0,48}----)?"
    ),
    _formed("private key", "Private-Lines:", r"(?<=Private-Lines:)[ ]?\d{1,4}(?>(?:\s{1,8}[\w+/=]{8,}+)+)"),
    # What is left of a key whose first lines are elsewhere: its last line, and any that is nothing but Base64.
    _formed(
        "private key",
        "-----END [redacted",
        r"(?:(?<![\w+/=])(?=[A-Za-z/]{0,76}[0-9+=])[\w+/]{8,}+={0,2}[^\w\s-]{0,4}(?:\\{1,2}[nr]|[^\n-]{0,4}\n[^\n-]{0,60}))?"
        r"(?:-----END (?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)?-----|\[redacted private key\])",
    ),
    # The secret key is commonly written beside its id: `id:key`, `("id", "key")`.
    _formed("aws key pair", "AKIA ASIA", AWS_ID + r"[^\w\n]{1,8}[A-Za-z0-9+/]{40,}+"),
)
"""They go first: what looks like another secret inside of one is a part of it."""

SHAPES = (
    # As long as the lines of a PEM block, and random: with digits and capitals all over it, and no words as a path has.
    _longer(
        "key material",
        "",
        r"(?<![\w+/.-])(?=[A-Za-z0-9+/]{60})(?=(?:[^A-Z\s]{0,20}[A-Z]){9})(?=(?:[^0-9\s]{0,30}[0-9]){4})"
        r"(?![A-Za-z0-9+/]{0,50}[a-z]{10})[A-Za-z0-9+/]{60,}+={0,2}(?![\w-])",
    ),
    # Base64 of `{"…`: the head of every JWT, and of session cookies; its parts follow after dots.
    _formed("jwt", "eyJ", r"eyJ[\w-]{14,}+={0,2}(?:\.[\w-]*+){0,4}"),
    # The same with a space or a line's end behind its bracket: then all three parts must be there.
    _long("jwt", "eyA ewo ew0 ewk", "e" + BEGUN + r"(?:yA|w[o0k])[\w-]{11,400}+\.[\w-]{14,}+\.[\w-]{20,}+"),
    # The same compressed (itsdangerous), and PASETO's and Fernet's (paseto.io, github.com/fernet/spec).
    _long("session", ".eJ", r"\.eJ[\w-]{16,}+\.[\w-]{4,10}\.[\w-]{16,}+"),
    _formed("paseto", ".local. .public.", "v" + BEGUN + r"[1-4]\.(?:local|public)\.[\w.-]{20,}+"),
    _longer("fernet token", "gAAAAA", "g" + BEGUN + r"AAAAA[\w-]{50,}+={0,2}"),
    _long("slack webhook", "/services/T", r"/services/T[A-Z0-9]{6,}+/B[A-Z0-9]{6,}+/\w{16,}+"),
    _formed(
        "slack webhook", "/workflows/T /triggers/T", r"/(?:workflows|triggers)/T[A-Z0-9]{6,}+/\w{6,}+/\w{6,}+(?:/\w++)?"
    ),
    _long("telegram token", ":AA", r"\d{8,10}:AA[\w-]{30,}+"),
    _longer("discord token", ".", r"[MNO]" + BEGUN + r"[\w-]{22,27}\.[\w-]{6,7}\.[\w-]{27,}+"),
    _long("azure secret", "Q~", r"[\w~.]{3}\dQ~[\w~.-]{30,}+"),
    # Signs that Microsoft puts into the middle of its keys (github.com/microsoft/security-utilities).
    _long(
        "azure key",
        "AzFu AzCa AzSe +ASt +ASb +ABa +AEh +ARm +ACR ACDb AIoT AZDO AzDO APIM JQQJ99 ACOG",
        r"(?<![\w+/-])[\w+/-]{24,90}?(?:Az(?:Fu|Ca|Se|DO)|AZDO|\+A(?:St|Sb|Ba|Eh|Rm|CR)|ACDb|AIoT|APIM|JQQJ99|ACOG)[\w+/-]{4,}+={0,2}",
    ),
    _long("mailchimp key", "-us", r"[0-9a-f]" + BEGUN + r"[0-9a-f]{31}-us\d{1,2}"),
    _longer("mailgun key", "-", r"[0-9a-f]" + BEGUN + r"[0-9a-f]{31}-[0-9a-f]{8}-[0-9a-f]{8}(?![\w-])"),
    _formed("new relic key", "NRAL", r"[0-9a-zA-Z]" + BEGUN + r"[0-9a-zA-Z]{23,39}?NRAL"),
    _long("terraform token", ".atlasv1.", r"(?:(?<!\w)\w{14})?\.atlasv1\.[\w-]{40,}+"),
    _long("maxmind key", "_mmk", r"\w" + BEGUN + r"\w{5}_\w{29}_mmk"),
    _long("clickup token", "pk_", r"pk_\d{5,12}_[A-Z0-9]{24,}+"),
    _longer("salesforce token", "00D", "0" + BEGUN + r"0D[A-Za-z0-9]{12}![\w.]{60,}+"),
    _formed("facebook token", "|", r"\d" + BEGUN + r"\d{14,16}\|[\w-]{24,}+"),
    _longer("rapidapi key", "jsn", r"[0-9a-f]" + BEGUN + r"[0-9a-f]{9}msh[0-9a-f]{15}p1[0-9a-f]{6}jsn[0-9a-f]{12}"),
    _longer("ably key", ":", r"[\w-]" + BEGUN + r"[\w-]{5}\.[\w-]{6}:[\w-]{43}(?![\w-])"),
    _longer("nats seed", "S", r"S" + BEGUN + r"[ACNOUX][A-Z2-7]{56}(?!\w)"),
    _long("jenkins token", "11", r"1" + BEGUN + r"1[0-9a-f]{32}(?!\w)"),
    _longer("unleash token", ":", r"(?<=:)[\w-]{1,40}\.[0-9a-f]{56,64}(?!\w)"),
    _longer("ghost key", ":", r"[0-9a-f]" + BEGUN + r"[0-9a-f]{23}:[0-9a-f]{64}(?!\w)"),
    # Of passwords, as `crypt`, Django, LDAP, MySQL and PostgreSQL keep them.
    _formed(
        "password hash",
        "$",
        r"\$(?:2[abxy]|apr1|[156y]|7|argon2(?:id|i|d)|scrypt|pbkdf2[\w-]{0,12})\$[\w./$=,+-]{20,}+",
    ),
    _formed(
        "password hash",
        "$",
        r"(?:pbkdf2[_:]sha\d{1,3}(?::\d{1,8})?|scrypt(?::\d{1,8}){3}|bcrypt(?:_sha256)?|argon2|scrypt|md5|sha1)\$[\w./$=,+-]{20,}+",
    ),
    _formed("password hash", "SHA}", r"\{S?SHA(?:256|384|512)?\}[\w+/=]{16,}+"),
    _formed("password hash", "SCRAM-SHA-", r"SCRAM-SHA-\d{1,3}\$\d{1,9}:[\w+/=$:]{20,}+"),
    # A sign of an issuer that the table does not know, and then what is random through and through: longer than an id.
    _long(
        "token",
        "_ -",
        r"(?<![\w.+/=-])(?!sha\d)[A-Za-z][A-Za-z0-9]{1,11}(?:[_-][A-Za-z0-9]{1,10}){0,3}[_-](?=(?:[^A-Z\s]{0,12}[A-Z]){4})"
        r"(?=(?:[^0-9\s]{0,16}[0-9]){3})(?=(?:[^a-z\s]{0,12}[a-z]){4})[A-Za-z0-9]{32,}+[\w+/=-]*+",
    ),
)
SIGNS = {
    run: tuple((hint, shape) for shape in SHAPES if shape.run <= run for hint in shape.hints)
    for run in (LONGER, LONG, 0)
}
"""Each hint with its shape, by the longest run of a text."""


def shapes_in(text: str, longest: int) -> Iterable[Shape]:
    """Return the shapes but `BLOCKS` that `text` has a hint of, in their order; `longest`: characters of its runs."""
    signs = SIGNS[LONGER if longest >= LONGER else LONG if longest >= LONG else 0]
    return dict.fromkeys([shape for sign, shape in signs if sign in text])
