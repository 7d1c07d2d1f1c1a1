"""Whether what stands behind words about a name is a secret: `password for ann: …`, `Kennwort lautet …`."""

from __future__ import annotations

import re

from booty.observability.text.secrets.names import Telling
from booty.observability.text.secrets.pairs import Pair
from booty.observability.text.secrets.values import RANDOM, STRONG

FEWEST_DIGITS = 4
# What says how it is and not what it is, and the type of a parameter before what is said about it.
VERDICT = re.compile(
    r"(?i:(?:in)?(?:valid|correct)[aeo]?|wrong|none|null|denied|failed|expired|mismatch|rejected|empty|changed|updated|ok|weak"
    r"|disabled|enabled|blank|plain|required|optional|missing|unknown|accepted|timeout|error|falsch|erforderlich|leer|fehlt"
    r"|ungültig|requise?|obligatoire|invalide|vide|requerid[ao]|obligat[oó]ri[ao]|inv[aá]lid[ao]|errata|vereist|onjuist|ongeldig)[.!]?"
)
TYPE = re.compile(r"[(\[](?:str|string|bytes|int|bool|object|optional|option|char|text|list|dict|any)\b")
END = re.compile(r"[\"'`]?[.,;!?)]?[^\S\n]{0,4}(?:\n|\Z|\\n)")


def is_verdict(told: str) -> bool:
    """Return whether `told` says how a secret is, in one word, and not what it is."""
    return bool(VERDICT.fullmatch(told))


def is_phrased(pair: Pair, telling: Telling, value: re.Match[str], text: str) -> bool:
    """Return whether what follows a name and words about it is a secret: of a sentence the first word is none."""
    told = value[str(value.lastgroup)]
    if telling is not Telling.SECRET or TYPE.search(pair.between):
        return bool(STRONG.match(told) and RANDOM.match(told))
    if told.isdigit():
        return len(told) >= FEWEST_DIGITS and bool(END.match(text, value.end()))
    if told[0] in "%/~" or told[1:2] == "/" or is_verdict(told):
        return False
    is_word = told.rstrip(".!").replace("-", "").replace("'", "").isalpha()
    if value.lastgroup != "bare":  # what follows a prompt in code is behind the quote that ends it
        return told[0] not in "),;] "
    return not is_word or bool(END.match(text, value.end()))
