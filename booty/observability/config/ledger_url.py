"""The address of a database that holds the ledger: `postgresql://user:password@host:port/name?option=value`."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from booty.observability.config_errors import Unusable
from booty.observability.text.sealed import Secret

WRONG = "is not the address of a PostgreSQL database; in a password @ is written %40, / %2F, ? %3F, # %23"
EXAMPLE = "postgresql://user:password@host:5432/name?sslmode=require"
HOST = r"(\[[^]@/]*\]|[^]\[:@/,]*)(:[0-9]*)?"
OPTION = "[^@=&#]+=@?[^@=&#]*"
URL = re.compile(rf"postgres(ql)?://([^@/?#]*@)?{HOST}(,{HOST})*(/[^@/?#]*)?(\?{OPTION}(&{OPTION})*)?", re.ASCII)
"""In user and password what means something in an address is percent-encoded; libpq would take a part of the password
for the host, and name it in its words.
"""


def shown(url: str) -> str:
    """Return the address without user, password and options: what may be printed."""
    address = urlsplit(url)
    host = address.netloc.rpartition("@")[2] or parse_qs(address.query).get("host", ["localhost"])[0]
    return f"postgresql://{host}{address.path}"


def _check(text: str) -> Secret:
    try:
        is_address = URL.fullmatch(text) is not None and text.isprintable() and bool(shown(text))
    except ValueError:
        is_address = False
    if not is_address:
        raise Unusable(WRONG)
    return Secret(text)


LedgerUrl = Annotated[Secret, _check]
