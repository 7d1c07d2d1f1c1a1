"""A PostgreSQL inside a box, as a provider hands one out: a user with a password, and a database."""

from __future__ import annotations

import subprocess
from pathlib import Path

from support.throwaway.box import AS_ROOT, Box

PROVISION = Path(__file__).resolve().parents[2] / "ledger" / "engines" / "provision.sh"
URL = "postgresql://booty:the-password@127.0.0.1/booty?sslmode=disable"
STATEMENTS = (
    ("postgres", "CREATE USER booty PASSWORD 'the-password'"),
    ("postgres", "CREATE DATABASE booty"),
    ("booty", "GRANT USAGE, CREATE ON SCHEMA public TO booty"),
)
# before nginx: at a shutdown it stays until the service has drained, as one elsewhere does
BEGIN = """\
cd /usr/lib/postgresql/*/bin
install -d -o postgres /var/lib/database
runuser -u postgres -- ./initdb -D /var/lib/database/data -U postgres --auth-local trust --auth-host scram-sha-256
systemd-run --unit=database --uid=postgres -p RuntimeDirectory=database -p KillSignal=SIGINT -p Before=nginx.service \
  $PWD/postgres -D /var/lib/database/data -k /run/database -c listen_addresses=127.0.0.1
until ./pg_isready -h /run/database; do :; done
"""


def begin_database(box: Box) -> str:
    """Start it; return its URL."""
    subprocess.run([*AS_ROOT, str(PROVISION)], check=True)
    box.inside("sh", "-ec", BEGIN)
    for name, statement in STATEMENTS:
        box.inside("psql", "-h", "/run/database", "-U", "postgres", "-d", name, "-c", statement)
    return URL
