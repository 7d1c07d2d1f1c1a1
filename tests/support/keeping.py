"""What of an alert is kept, and the secrets that must not be."""

from __future__ import annotations

from support.alerts import alert

from booty.observability.alerts.keeping.kept import kept
from booty.observability.ledger.engines.records import Record

PASSWORD = "hunter2" * 2 + "zq"
MAIL = "jane.doe@mail.acme-shop.com"
TOKEN = "gh" + "s_123456_" + "ey" + "J" + "aB3dE6gH9jK2mN5pQ8rS1tU4" * 20


def record_of(**fields: object) -> Record:
    """Return what is kept of an alert with `fields`."""
    return kept(alert(**fields).record())
