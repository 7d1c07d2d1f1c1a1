"""Places that give a secret away where its form does not.

`name=value` pairs are left to `redaction`, which reads them one by one.
"""

from booty.observability.text.secrets.places.calls import CALLS
from booty.observability.text.secrets.places.commands import COMMANDS, FLAGS
from booty.observability.text.secrets.places.named import NAMED
from booty.observability.text.secrets.places.place import Place
from booty.observability.text.secrets.places.sql import SQL, SQL_CALLS
from booty.observability.text.secrets.places.web import ENCODED_WEB, WEB

__all__ = ["places_in"]

PLACES = (*ENCODED_WEB, *WEB, *CALLS, *FLAGS, *SQL_CALLS, *COMMANDS, *SQL, *NAMED)
"""In the order to look at them."""
GATES = ("pass", "-", ":", "(", "@", "auth", "value", "login", "identif", "")
"""Of the hints that hold one of these none needs to be looked for where it is missing: together half of all."""

Signs = tuple[tuple[str, tuple[tuple[int, str], ...]], ...]


def _signs(*places: Place) -> Signs:
    """Return each gate with the hints behind it, in small letters, each with the number of its place."""
    hints = [(PLACES.index(place), hint.lower()) for place in places for hint in place.hints]
    gates = [next(gate for gate in GATES if gate in hint) for _, hint in hints]
    return tuple((each, tuple(hint for hint, gate in zip(hints, gates, strict=True) if gate == each)) for each in GATES)


ANYWHERE = _signs(*WEB, *CALLS, *FLAGS, *SQL_CALLS, *NAMED)
SPOKEN = _signs(*WEB, *CALLS, *FLAGS, *SQL_CALLS, *COMMANDS, *SQL, *NAMED)
ENCODED = _signs(*ENCODED_WEB)


def places_in(text: str, small: str) -> list[Place]:
    """Return the places that `text`, which is `small` in small letters, has a hint of, in the order to look at them.

    Most texts are names or paths, and have neither spaces nor escapes.
    """
    signs = SPOKEN if text.split(None, 1)[1:] else ANYWHERE
    if "%" in text or "\\" in text:
        signs += ENCODED
    found = {number for gate, hints in signs if gate in small for number, hint in hints if hint in small}
    return [PLACES[number] for number in sorted(found)]
