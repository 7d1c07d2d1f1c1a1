"""Which transactions wait for each other: those about the same name; for all others, those about none.

Locks of PostgreSQL that belong to a transaction (advisory ones): they end with it, or with its connection.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from hashlib import blake2b

from booty.observability.ledger.engines.engine import NUMBERED

EVERYTHING, NAMED = 0xB007, 0xB008
"""The spaces of the locks' numbers; every release must use the same."""
IDLE_SECONDS = 1.5
"""After so long the server ends a transaction whose machine is frozen or gone, and gives its locks back."""
ITS_SHARE = 0.9
"""How much of the patience the server has: what it gives up by itself costs no connection."""


def begin(names: Collection[str], *, patience: float, is_lasting: bool) -> str:
    """Return the statements that begin a transaction about `names`, about everything when there are none.

    It waits for locks, or for any statement, at most `patience` seconds.
    """
    limits = {"lock_timeout": ITS_SHARE * patience, "statement_timeout": ITS_SHARE * patience}
    limits["idle_in_transaction_session_timeout"] = IDLE_SECONDS + patience
    statements = ["BEGIN", *(f"SET LOCAL {name} = {round(seconds * 1000)}" for name, seconds in limits.items())]
    if not is_lasting:
        statements.append("SET LOCAL synchronous_commit = off")
    if names:
        statements.append(f"SELECT pg_advisory_xact_lock_shared({EVERYTHING}, 0)")
        # always in the same order, so that no two wait for each other
        statements += [f"SELECT pg_advisory_xact_lock({NAMED}, {each})" for each in sorted(set(map(_number, names)))]
    else:
        statements.append(f"SELECT pg_advisory_xact_lock({EVERYTHING}, 0)")
    return "; ".join(statements)


def keeps_to(names: Iterable[str], changed: Iterable[bytes]) -> bool:
    """Return whether all that was changed is of those names, or a line whose number nobody else has."""
    parts = [f"/{name}/".encode(errors="surrogateescape") for name in names]
    return all(key.startswith(NUMBERED.encode()) or any(part in key + b"/" for part in parts) for key in changed)


def _number(name: str) -> int:
    """Return the number of a name's lock; two names may share one, and then wait for each other."""
    return int.from_bytes(blake2b(name.encode(errors="replace"), digest_size=4).digest(), signed=True)
