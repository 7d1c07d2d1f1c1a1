"""Places that give a secret away where its form does not.

`name=value` pairs are left to `redaction`, which reads them one by one.
"""

from collections.abc import Iterable

from booty.observability.text.secrets.places.commands import CALLS, COMMANDS
from booty.observability.text.secrets.places.named import NAMED
from booty.observability.text.secrets.places.place import Place
from booty.observability.text.secrets.places.sql import SQL, SQL_CALLS
from booty.observability.text.secrets.places.web import ENCODED_WEB, WEB

__all__ = ["places_in"]

Signs = tuple[tuple[str, Place], ...]


def _signs(*places: Place) -> Signs:
    """Return each hint, in small letters, with its place: to go through one list takes a third of the time."""
    return tuple((hint.lower(), place) for place in places for hint in place.hints)


ANYWHERE = _signs(*WEB, *CALLS, *SQL_CALLS, *NAMED)
SPOKEN = _signs(*WEB, *CALLS, *SQL_CALLS, *COMMANDS, *SQL, *NAMED)
ENCODED = _signs(*ENCODED_WEB)


def places_in(text: str, small: str) -> Iterable[Place]:
    """Return the places that `text`, which is `small` in small letters, has a hint of, in the order to look at them.

    Most texts are names or paths, and have neither spaces nor escapes.
    """
    signs = SPOKEN if text.split(None, 1)[1:] else ANYWHERE
    if "%" in text or "\\" in text:
        signs = ENCODED + signs
    return dict.fromkeys([place for sign, place in signs if sign in small])
