"""Which transactions wait for each other: those about the same name; for all others, those about none.

Locks of PostgreSQL that belong to a transaction (advisory ones): they end with it, or with its connection.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from hashlib import blake2b

from booty.observability.ledger.engines.engine import NUMBERED
from booty.observability.ledger.engines.postgres.connection.trips import Trips

EVERYTHING, NAMED = 0xB007, 0xB008
"""The spaces of the locks' numbers; every release must use the same."""
PASSING, LASTING = "passing", "lasting"
IDLE_SECONDS = 2.0
"""After so long, or one's whole patience, the server ends a transaction whose machine is frozen or gone."""
SET = f"""SELECT set_config('lock_timeout', $1, true), set_config('statement_timeout', $1, true),
set_config('idle_in_transaction_session_timeout', $2, true), set_config('synchronous_commit',
CASE $3 WHEN '{LASTING}' THEN replace(current_setting('synchronous_commit'), 'off', 'on') ELSE 'off' END, true)"""
"""For this transaction alone, since a pooler gives the connection to others."""
ALONE = f"{SET}, pg_advisory_xact_lock({EVERYTHING}, 0)"
ABOUT = f"""{SET}, pg_advisory_xact_lock_shared({EVERYTHING}, 0),
(SELECT count(pg_advisory_xact_lock({NAMED}, number)) FROM unnest($4::text::int[]) number)"""  # noqa: S608 - a number of our own
ITS_SHARE = 0.9
"""How much of the patience the server has: what it gives up by itself costs no connection."""


def begin(trips: Trips, names: Collection[str], *, patience: float, is_lasting: bool) -> None:
    """Begin a transaction about `names`, about everything when there are none, with what is asked next.

    It waits for a lock, or for any statement, at most `patience` seconds.
    """
    limits = _milliseconds(ITS_SHARE * patience), _milliseconds(max(IDLE_SECONDS, patience))
    values = (*limits, (LASTING if is_lasting else PASSING).encode())
    trips.say("BEGIN")
    if names:
        # always in the same order, so that no two wait for each other
        numbers = ",".join(map(str, sorted(set(map(_number, names)))))
        trips.say(ABOUT, values=(*values, f"{{{numbers}}}".encode()))
    else:
        trips.say(ALONE, values=values)


def _milliseconds(seconds: float) -> bytes:
    return str(round(seconds * 1000)).encode()


def keeps_to(names: Iterable[str], changed: Iterable[bytes]) -> bool:
    """Return whether all that was changed is of those names, or a line whose number nobody else has."""
    ends = tuple(f"/{name}".encode(errors="surrogateescape") for name in names)
    others = (key for key in changed if not key.endswith(ends) and not key.startswith(NUMBERED.encode()))
    return all(any(end + b"/" in key for end in ends) for key in others)


def _number(name: str) -> int:
    """Return the number of a name's lock; two names may share one, and then wait for each other."""
    return int.from_bytes(blake2b(name.encode(errors="replace"), digest_size=4).digest(), signed=True)
