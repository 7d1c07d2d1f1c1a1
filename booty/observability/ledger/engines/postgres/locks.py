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
PASSING, LASTING = "'off'", "replace(current_setting('synchronous_commit'), 'off', 'on')"
"""How a commit waits that must last: for this transaction alone, since a pooler gives the connection to others."""
ITS_SHARE = 0.9
"""How much of the patience the server has: what it gives up by itself costs no connection."""


def begin(names: Collection[str], *, patience: float, is_lasting: bool) -> tuple[str, str]:
    """Return the statements that begin a transaction about `names`, about everything when there are none.

    It waits for a lock, or for any statement, at most `patience` seconds.
    """
    limits = {"lock_timeout": ITS_SHARE * patience, "statement_timeout": ITS_SHARE * patience}
    limits["idle_in_transaction_session_timeout"] = IDLE_SECONDS + patience
    local = {name: str(round(seconds * 1000)) for name, seconds in limits.items()}
    steps = [f"set_config('{name}', '{value}', true)" for name, value in local.items()]
    steps.append(f"set_config('synchronous_commit', {LASTING if is_lasting else PASSING}, true)")
    if names:
        steps.append(f"pg_advisory_xact_lock_shared({EVERYTHING}, 0)")
        # always in the same order, so that no two wait for each other
        steps += [f"pg_advisory_xact_lock({NAMED}, {each})" for each in sorted(set(map(_number, names)))]
    else:
        steps.append(f"pg_advisory_xact_lock({EVERYTHING}, 0)")
    return "BEGIN", f"SELECT {', '.join(steps)}"


def keeps_to(names: Iterable[str], changed: Iterable[bytes]) -> bool:
    """Return whether all that was changed is of those names, or a line whose number nobody else has."""
    ends = tuple(f"/{name}".encode(errors="surrogateescape") for name in names)
    others = (key for key in changed if not key.endswith(ends) and not key.startswith(NUMBERED.encode()))
    return all(any(end + b"/" in key for end in ends) for key in others)


def _number(name: str) -> int:
    """Return the number of a name's lock; two names may share one, and then wait for each other."""
    return int.from_bytes(blake2b(name.encode(errors="replace"), digest_size=4).digest(), signed=True)
