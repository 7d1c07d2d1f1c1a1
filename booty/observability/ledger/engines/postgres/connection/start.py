"""What a start refuses about a database: what stays wrong until somebody puts it right.

A server that is away is not refused: the service starts, and uses it once it is there.
"""

from __future__ import annotations

import logging

import psycopg

from booty.observability.config_errors import Fault
from booty.observability.ledger.engines.postgres.connection.known import Known
from booty.observability.ledger.engines.postgres.connection.opening import open_ledger
from booty.observability.ledger.engines.postgres.connection.unfit import Unfit
from booty.observability.ledger.engines.version import NewerLedger

log = logging.getLogger(__name__)

NAME = "BOOTY_LEDGER_URL"
REMEDIES = {
    "authentication failed": "set the user and the password that the server knows; % in them is written %25",
    "no password supplied": "put the password into the URL: postgresql://user:password@host/name",
    "no encryption": "the server wants TLS: no sslmode=disable in the URL; else let this machine in, in pg_hba.conf",
    "no pg_hba.conf entry": "let this machine in: among the server's trusted sources, or in its pg_hba.conf",
    "does not support SSL": "switch TLS on at the server; where the network between is private: ?sslmode=disable",
    "does not match host name": "name the server in the URL as its certificate does",
    "certificate": "name the server's CA certificate: ?sslmode=verify-full&sslrootcert=/etc/booty/ca.crt",
    "SSL": "see what TLS the server takes, and the URL's sslmode and sslrootcert",
    "Name or service not known": "see the host's name in the URL",
    "column": "its table booty_ledger is another program's: name another database",
    "does not exist": "make the user and the database on the server, or name those that are there",
    "permission denied": "give the URL's user the right to connect: GRANT CONNECT ON DATABASE",
}
"""By a part of PostgreSQL's words in English: a connection that fails has no error code."""


def fault_of(url: str, *, known: Known | None = None) -> Fault | None:
    """Return why the service must not start with this database; one that cannot be reached now is only logged.

    So is another ledger than the one that is `known`: alerts must not be lost over it.
    """
    try:
        open_ledger(url, None, known=known).wire.close()
    except NewerLedger:  # the service starts, and says so: as with a file
        return None
    except Unfit as unfit:
        return None if unfit.is_passing and _is_told(unfit) else Fault(NAME, str(unfit), unfit.remedy)
    except psycopg.Error as error:
        words = " ".join(str(error).split())
        remedy = remedy_for(words)
        return None if remedy is None and _is_told(error) else Fault(NAME, words, remedy or "")
    return None


def remedy_for(words: str) -> str | None:
    """Return what to do about a connection that failed with these words, None where they do not say."""
    return next((remedy for part, remedy in REMEDIES.items() if part in words), None)


def _is_told(error: Exception) -> bool:
    log.warning("ledger_away_at_start", extra={"reason": " ".join(str(error).split())})
    return True
