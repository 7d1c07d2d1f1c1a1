"""Which names say that the value beside them is a secret.

A name is judged by its last words, however they are written: `DB_PASSWORD`, `dbPassword`, `db-password-prod` and
`user.password2` all end in *password*. It is no list of everything private: `email` or `user_id` are no secrets here.
"""

from __future__ import annotations

import re
from enum import Enum

LONGEST = 40
"""Characters of a name that are looked at, from its end."""


def _words(*lines: str) -> tuple[str, ...]:
    return tuple(" ".join(lines).split())


# A last word that ends in one of these has a secret beside it, whatever the value looks like.
TELLING = _words(
    "password passwords passwd passphrase passcode secret apikey accesskey secretkey privatekey accountkey signingkey",
    "masterkey authkey accesstoken refreshtoken authtoken idtoken apitoken bearertoken sessiontoken csrftoken",
    "middlewaretoken sessid sessionid dbpass pgpass connectionstring",
)
PASSWORDS = frozenset({"pwd", "pw", "passwrd"})
# *key* and *token* after one of these: `api_key`, `refresh-token`.
QUALIFIERS = frozenset(
    _words(
        "access account aes api app application auth bearer bot client consumer csrf deploy device encryption github",
        "gitlab hmac id instrumentation jwt license master npm oauth personal private refresh registry reset rsa",
        "secret security sentry service session shared signing slack ssh storage subscription user verification",
        "webhook xsrf",
    )
)
# Words that prose and code use as well ("token: expired"): beside these the value itself must look like a secret.
PROSE = frozenset(
    _words(
        "auth authorization bearer cookie cookies credential credentials csrf jwt oauth otp pass session sid sig",
        "signature token xsrf",
    )
)
# Words after the one that counts: `password_confirmation`, `SECRET_KEY_BASE`, `api_key_prod`.
TRAILING = frozenset(
    _words("base confirm confirmation current dev digest hash new old prod production staging test value")
)
# A capital begins a word, a run of capitals is one: `DBPassword` is *DB* and *Password*.
WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_]+")


class Telling(Enum):
    """How much a name says about the value beside it."""

    NOTHING = "nothing"
    PERHAPS = "perhaps"
    """The value is a secret if it looks like one."""
    SECRET = "secret"  # noqa: S105 - a word, not a password


def judge(name: str) -> Telling:
    """Judge by its last `LONGEST` characters what `name` says about its value; words may be parted by spaces too."""
    words = [word.lower() for word in WORDS.findall(name[-LONGEST:])]
    while len(words) > 1 and words[-1] in TRAILING:
        words.pop()
    if not words:
        return Telling.NOTHING
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if last.endswith(TELLING) or last in PASSWORDS:
        return Telling.SECRET
    if last in {"key", "token"} and before in QUALIFIERS:
        return Telling.SECRET
    if (before, last) in {("session", "id"), ("connection", "string")}:
        return Telling.SECRET
    return Telling.PERHAPS if last in PROSE else Telling.NOTHING
