"""Places that give a secret away where its form does not.

`name=value` pairs are left to `redaction`, which reads them one by one.
"""

from booty.observability.text.secrets.places.commands import COMMANDS
from booty.observability.text.secrets.places.sql import SQL
from booty.observability.text.secrets.places.web import ENCODED_WEB, WEB

__all__ = ["ENCODED_PLACES", "PLACES"]

PLACES = (*WEB, *COMMANDS, *SQL)
ENCODED_PLACES = (*ENCODED_WEB, *PLACES)
