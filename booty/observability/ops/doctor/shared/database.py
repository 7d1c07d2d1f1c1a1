"""How the ledger's database stands: whether it answers, how fast, with what clock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from booty.observability.ops.doctor.check import Check, Level, worst_of

if TYPE_CHECKING:
    from booty.observability.ledger.engines.postgres.connection.probe import Probe

NAME = "database"
SLOW_MS, TOO_SLOW_MS = 20.0, 80.0
"""Of one round trip: an alert takes five of them at most, and is spooled after 400 ms."""
SKEWED_SECONDS, TOO_SKEWED_SECONDS = 1.0, 20.0
"""The second between two writes to GitHub gets shorter by it, and so does a lease, of which 22 are spare."""
CLOCK = "let chrony or systemd-timesyncd keep this machine's time: timedatectl"
AWAY = "alerts wait on this machine's disk until it is back; see that it runs, and lets this machine in"

WRITES = "name the primary in the URL, or let it take writes; until then alerts wait on this machine's disk"


def check_database(url: str) -> Check:
    """Return how the database at `url` stands; nothing is written to it."""
    from booty.observability.ledger.engines.postgres.connection.probe import Unreached, probe  # noqa: PLC0415 - its driver too
    from booty.observability.ledger.engines.postgres.connection.start import remedy_for  # noqa: PLC0415 - as above

    try:
        seen = probe(url)
    except Unreached as error:
        return Check(NAME, "FAIL", f"it cannot be reached: {error}", remedy_for(str(error)) or AWAY)
    return judge(seen)


def judge(seen: Probe) -> Check:
    """Return whether what was seen will do."""
    told = f"PostgreSQL {seen.version}, a round trip takes {seen.milliseconds:.1f} ms"
    return worst_of(NAME, _oddities(seen), otherwise=told)


def _oddities(seen: Probe) -> Iterator[tuple[Level, str, str]]:
    if not seen.is_writable:
        yield "FAIL", "it takes no writes: it is a standby, or default_transaction_read_only is on", WRITES
    skew = abs(seen.clock_ahead_seconds)
    if seen.milliseconds > SLOW_MS:
        level: Level = "FAIL" if seen.milliseconds > TOO_SLOW_MS else "warn"
        yield level, f"a round trip takes {seen.milliseconds:.0f} ms", "use a database in this machine's own region"
    if skew > SKEWED_SECONDS:
        level = "FAIL" if skew > TOO_SKEWED_SECONDS else "warn"
        yield level, f"its clock and this machine's are {skew:.1f} s apart", CLOCK
    if seen.is_encrypted is False:
        yield (
            "warn",
            "the connection is not encrypted",
            "add sslmode=verify-full to the URL, unless the network is private",
        )
    if not seen.is_durable:
        yield "warn", "a power cut may cost what it has stored", "set fsync = on in its postgresql.conf"
