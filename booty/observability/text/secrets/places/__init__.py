"""Places that give a secret away where its form does not.

`name=value` pairs are left to `redaction`, which reads them one by one.
"""

from booty.observability.text.secrets.places.commands import CALLS, COMMANDS
from booty.observability.text.secrets.places.place import Place
from booty.observability.text.secrets.places.sql import SQL, SQL_CALLS
from booty.observability.text.secrets.places.web import ENCODED_WEB, WEB

__all__ = ["places_in"]

ANYWHERE = (*WEB, *CALLS, *SQL_CALLS)
SPOKEN = (*ANYWHERE, *COMMANDS, *SQL)


def places_in(text: str) -> tuple[Place, ...]:
    """Return the places that `text` may have: most texts are names or paths, and have neither spaces nor escapes."""
    places = SPOKEN if text.split(None, 1)[1:] else ANYWHERE
    return (*ENCODED_WEB, *places) if "%" in text or "\\" in text else places
