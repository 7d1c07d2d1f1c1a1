"""Secrets in SQL."""

from __future__ import annotations

import re

from booty.observability.text.secrets.joints import GAP
from booty.observability.text.secrets.places.place import Place

# To the quote that ends it: one that a letter follows is part of the text, and so is a doubled one.
SQL_TEXT = r"(?>(?:[^'\n]|''|'(?=\w))+)"
SQL_PASSWORD = re.compile(
    rf"((?:identified[^\S\n][^'\n]{{0,60}}?\b(?:by|as|using)(?:[^\S\n](?:password|values))?|password){GAP}[^\S\n][NE]?')"
    rf"{SQL_TEXT}",
    re.IGNORECASE,
)
SQL_FUNCTION = re.compile(rf"((?:\bPASSWORD|\bpassword|ENCRYPT|\bcrypt){GAP}\({GAP}')(?!,){SQL_TEXT}")
# The values of a row that has a telling column: which of them belongs to it is not counted out.
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
# Oracle's may have no quotes.
SQL_BARE = re.compile(
    r"((?:create|alter)[^\S\n]{1,4}(?:user|role)[^\S\n]{1,4}\S{1,64}[^\S\n]{1,4}identified[^\S\n]{1,4}by[^\S\n]{1,4})"
    r"(?!(?:values|password)\b)[^\s'\";,()\[\]]{4,}+",
    re.IGNORECASE,
)
SQL_QUOTED = re.compile(
    r"((?:identified[^\S\n]by|user[^\S\n][^\n]{1,80}[^\S\n]password)[^\S\n]{1,4}\")(?>(?:[^\"\n]|\"\"|\"(?=\w))+)",
    re.IGNORECASE,
)
# What SQLAlchemy sends with a statement that has a telling column: all texts of it, as with a row.
SENT = re.compile(
    r"(?P<statement>(?:passw|pwd|secret|token|api_?key)[^\[]{0,240}\]?(?:\s|\\n){0,3}\[parameters: )"
    r"(?P<sent>[^\n]{1,2000}+)",
    re.IGNORECASE,
)
SENT_TEXT = re.compile(r"(?P<quote>[\"'])(?>(?:(?!(?P=quote))[^\n])*)(?P=quote)(?![^\S\n]?:)")


def _sent(found: re.Match[str]) -> str:
    return found["statement"] + SENT_TEXT.sub("'[redacted]'", found["sent"])


SQL_CALLS = (
    Place(("PASSWORD(", "PASSWORD (", "password(", "ENCRYPT(", "crypt("), SQL_FUNCTION, r"\1[redacted]"),
    Place(("[parameters: ",), SENT, _sent),
    Place(("crypt(", "crypt_bytea("), SQL_CIPHER, r"\1[redacted]"),
)
SQL = (
    Place(("identified", "password '", "password  ", "password n'", "password e'"), SQL_PASSWORD, r"\1[redacted]"),
    Place(("values",), SQL_ROW, r"\1[redacted]"),
    Place(("set password",), SET_PASSWORD, r"\1[redacted]"),
    Place(("identified",), SQL_BARE, r"\1[redacted]"),
    Place(('by "', 'password "'), SQL_QUOTED, r"\1[redacted]"),
)
