"""Where a secret stands that its form does not give away.

`name=value` pairs are left to `redaction`, which reads them one by one.
"""

from booty.observability.text.secrets.places.commands import COMMANDS
from booty.observability.text.secrets.places.sql import SQL
from booty.observability.text.secrets.places.web import WEB

__all__ = ["PLACES"]

PLACES = (*WEB, *COMMANDS, *SQL)
